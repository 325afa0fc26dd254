"""Customers of Boom whose money shows what a last bill can be made of."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from boom_rows import Customer, Item

TAXES = {
    "emma.brandt": ("19", "yes"),
    "leon.hartmann": ("19", "no"),
    "yuki.tanaka": ("10", "yes"),
    "chloe.bernard": ("20", "yes"),
    "tian.hao": ("6", "yes"),
}
"""Rate in percent, and whether prices include it."""

_MINUTES = [14, 17, 9, 21, 16, 12, 18, 11, 15, 19, 220, 13]
"""What Emma talks abroad each month: once it was far too long."""


def _month_before(issued: date) -> tuple[date, date]:
    last = issued - timedelta(days=1)
    return last.replace(day=1), last


def _months(first: date, count: int) -> list[date]:
    """The first days of so many months."""
    found = [first]
    while len(found) < count:
        found.append((found[-1] + timedelta(days=31)).replace(day=1))
    return found


def emma_brandt(customer: Customer) -> None:
    """Twelve bills: a call far too dear, a pack billed twice, and a quiz line never used before."""
    line = customer.line(
        plan=1, billing="arrears", state="active", profile="enabled", since=date(2025, 9, 1)
    )
    customer.services(line, 3)
    customer.balance(line, "paid", "25.00", ["50.00"])
    customer.stay(line, "CH", date(2026, 6, 4), date(2026, 6, 9))
    for issued, minutes in zip(_months(date(2025, 11, 1), 12), _MINUTES, strict=True):
        first, last = _month_before(issued)
        calls = f"{minutes * Decimal('0.19'):.2f}"
        items = [
            Item("Boom Flat 20 GB", "14.99", "plan", "", first, last),
            Item(f"Calls abroad, {minutes} minutes", calls, "usage", "", first, last),
        ]
        if issued == date(2026, 7, 1):
            days = (date(2026, 6, 5), date(2026, 6, 7))
            items += [Item("Roaming pack Switzerland 1 GB", "6.90", "roaming", "CH", *days)] * 2
        if issued == date(2026, 10, 1):
            items.append(Item("Quiz line, 4 calls", "7.96", "premium", "", first, last))
        state = "unpaid" if issued == date(2026, 10, 1) else "paid"
        customer.itemised(line, issued, items, state=state)


def pedro_almeida(customer: Customer) -> None:
    """Was in Switzerland and never in Morocco, whatever his bill says."""
    line = customer.line(
        plan=2, billing="arrears", state="active", profile="installed", since=date(2025, 3, 10)
    )
    customer.balance(line, "paid", "40.00", ["40.00"])
    customer.stay(line, "CH", date(2026, 5, 20), date(2026, 5, 24))
    abroad = {
        date(2026, 6, 1): ("CH", "6.90", date(2026, 5, 21), date(2026, 5, 23)),
        date(2026, 9, 1): ("MA", "34.50", date(2026, 8, 11), date(2026, 8, 13)),
    }
    for issued in _months(date(2026, 5, 1), 6):
        items = [Item("Boom Europe 40 GB", "24.99", "plan", "", *_month_before(issued))]
        if issued in abroad:
            country, amount, first, last = abroad[issued]
            items.append(Item("Roaming data", amount, "roaming", country, first, last))
        customer.itemised(line, issued, items)


def leon_hartmann(customer: Customer) -> None:
    """Prices without tax, and a plan that is billed before its month begins."""
    line = customer.line(
        plan=2, billing="advance", state="active", profile="enabled", since=date(2025, 5, 1)
    )
    customer.services(line, 1)
    customer.balance(line, "paid", "30.00", ["20.00", "30.00/10.00"])
    for issued in _months(date(2026, 8, 1), 3):
        last = (issued + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        plan = Item("Boom Europe 40 GB", "24.99", "plan", "", issued, last)
        customer.itemised(line, issued, [plan, Item("VAT 19 %", "4.75", "other")])


def deng_li(customer: Customer) -> None:
    """Left a deposit in cash: there is no payment that it could go back to."""
    line = customer.line(plan=0, billing="prepaid", state="active", profile="released")
    customer.balance(line, "deposit", "200.00")
    customer.balance(line, "paid", "50.00", ["50.00"])
    customer.paid_bills(line, 0)


def yuki_tanaka(customer: Customer) -> None:
    """Pays in yen, which have no smaller unit."""
    line = customer.line(
        plan=1, billing="arrears", state="active", profile="enabled", since=date(2025, 4, 16)
    )
    customer.services(line, 2)
    customer.balance(line, "paid", "8000", ["10000"])
    customer.used(line, "Calls abroad, 6 minutes", "330", "2026-10-30T20:12:00+09:00")
    for issued in _months(date(2026, 8, 1), 3):
        customer.itemised(
            line, issued, [Item("Boom Basic 20 GB", "2980", "plan", "", *_month_before(issued))]
        )


def chloe_bernard(customer: Customer) -> None:
    """A contract for three years whose fee for ending early gets smaller; a coupon, and a credit."""
    line = customer.line(
        plan=1, billing="arrears", state="active", profile="enabled", since=date(2025, 9, 15)
    )
    customer.balance(line, "paid", "180.00", ["100.00", "100.00"])
    for year, amount in ((2025, "240.00"), (2026, "160.00"), (2027, "80.00")):
        customer.fee(line, date(year, 9, 15), date(year + 1, 9, 14), amount)
    customer.credit("coupon", "Welcome back", "10.00", expires="2028-12-31")
    customer.credit("credit_note", "No network for three days in August", "7.50")
    for issued in _months(date(2026, 8, 1), 3):
        customer.itemised(
            line, issued, [Item("Boom Flat 20 GB", "14.99", "plan", "", *_month_before(issued))]
        )


def tian_hao(customer: Customer) -> None:
    """A bill to pay, use that no bill holds yet, a gift, and a wallet in yen for his travels."""
    line = customer.line(
        plan=1, billing="arrears", state="active", profile="enabled", since=date(2025, 2, 28)
    )
    customer.services(line, 2)
    customer.balance(line, "paid", "60.00", ["100.00"])
    customer.balance(line, "promotional", "30.00", expires="2028-06-30")
    customer.balance(None, "paid", "3000", ["5000"], currency="JPY")
    customer.stay(line, "JP", date(2026, 9, 3), date(2026, 9, 10))
    customer.used(line, "国际长途通话 21 分钟", "14.49", "2026-10-29T09:30:00+08:00")
    customer.used(line, "短信 12 条", "1.20", "2026-10-31T18:05:00+08:00")
    for issued in _months(date(2026, 8, 1), 3):
        items = [Item("Boom 畅享 20GB", "59.00", "plan", "", *_month_before(issued))]
        if issued == date(2026, 10, 1):
            days = (date(2026, 9, 4), date(2026, 9, 8))
            items.append(Item("国际漫游流量 1GB", "30.00", "roaming", "JP", *days))
        state = "unpaid" if issued == date(2026, 10, 1) else "paid"
        customer.itemised(line, issued, items, state=state)


FOR_THE_MONEY: dict[str, Callable[[Customer], None]] = {
    "emma.brandt": emma_brandt,
    "pedro.almeida": pedro_almeida,
    "leon.hartmann": leon_hartmann,
    "deng.li": deng_li,
    "yuki.tanaka": yuki_tanaka,
    "chloe.bernard": chloe_bernard,
    "tian.hao": tian_hao,
}

"""Makes `examples/boom`: the export of a carrier that does not exist.

`python examples/make_boom.py [DIR]` writes the same bytes every time: one seed, no clock.
"""

import csv
import io
import sys
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from boom_money import FOR_THE_MONEY, TAXES
from boom_people import people
from boom_rows import COLUMNS, ON_DEVICE, Boom, Customer

AS_OF = "2026-11-01T00:00:00+08:00"
ABOUT = f"""# What this folder is, and as of which moment. `signoff import` reads `as_of`.
carrier = "Boom"
as_of = {AS_OF}
"""

STAFF = [
    # The secrets are public on purpose: they work only where SIGNOFF_DEMO is set.
    (
        "reviewer",
        "reviewer@boom.example",
        "Rui 审核员",
        "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        "reviewer",
    ),
    (
        "reviewer2",
        "reviewer2@boom.example",
        "Robin Prüfer",
        "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU",
        "reviewer",
    ),
    ("finance", "finance@boom.example", "Fang 财务", "ONSWG4TFOQQGM33SEBRG633NMZUW4YLO", "finance"),
    (
        "finance2",
        "finance2@boom.example",
        "Felix Zahlmann",
        "MFXG65DIMVZCA43FMNZGK5BAMZXXEIDN",
        "finance",
    ),
    (
        "auditor",
        "auditor@boom.example",
        "Ada Prüferin",
        "OBZG633GEBXWMIDUNBSSAYLVMRUXIIDP",
        "auditor",
    ),
    ("hotline", "hotline@boom.example", "Hong 客服", "NBSWY3DPEBUG65DMNFXGKIDCN5XW2IDD", "hotline"),
    ("admin", "admin@boom.example", "Alex Verwalter", "MFSG22LOEBXWMIDUNBSSA43BNVYGYZJA", "admin"),
]


def li_wei(customer: Customer) -> None:
    """The easy one: nothing in the way, money to get back, one eSIM in use and one not."""
    first = customer.line(plan=1, billing="prepaid", state="active", profile="enabled")
    customer.services(first, 3)
    customer.balance(first, "paid", "128.50", ["100.00", "50.00"])
    customer.balance(first, "promotional", "20.00", expires="2027-03-31")
    customer.paid_bills(first, 1)
    second = customer.line(plan=0, billing="prepaid", state="active", profile="released")
    customer.paid_bills(second, 0)


def anna_schmidt(customer: Customer) -> None:
    """Owes more than she has with us: this must be said before the form, not after."""
    line = customer.line(plan=2, billing="arrears", state="active", profile="enabled")
    customer.services(line, 2)
    customer.balance(line, "paid", "12.30", ["20.00"])
    customer.paid_bills(line, 2, last=9)
    customer.bill(line, 10, state="unpaid", plan=2, extras=[0, 0, 1])


def chen_jie(customer: Customer) -> None:
    """A family: three lines, one of them paused."""
    first = customer.line(plan=2, billing="prepaid", state="active", profile="enabled")
    customer.services(first, 5, ended=1)
    customer.balance(first, "paid", "256.00", ["300.00"])
    customer.paid_bills(first, 2)
    second = customer.line(plan=1, billing="prepaid", state="paused", profile="disabled")
    customer.balance(second, "paid", "0.00", ["59.00"])
    customer.line(plan=0, billing="prepaid", state="active", profile="downloaded")
    customer.balance(None, "promotional", "88.00", expires="2026-12-31")


def marie_lefevre(customer: Customer) -> None:
    """Owes something, but her balance covers it; a part was refunded before."""
    line = customer.line(plan=1, billing="arrears", state="active", profile="installed")
    customer.services(line, 2)
    customer.balance(line, "paid", "60.00", ["50.00/10.00", "40.00"])
    customer.balance(None, "deposit", "25.00", ["25.00"])
    customer.paid_bills(line, 1, last=9)
    customer.bill(line, 10, state="unpaid", plan=1, extras=[3])


def wang_fang(customer: Customer) -> None:
    """One of her lines was closed by the carrier long ago."""
    line = customer.line(plan=0, billing="prepaid", state="active", profile="released")
    customer.balance(line, "paid", "35.00", ["50.00"])
    customer.line(plan=0, billing="prepaid", state="closed", profile="deleted")


def anybody(customer: Customer) -> None:
    """All the others."""
    boom = customer.boom
    for _ in range(boom.pick([1, 1, 1, 2, 2, 3])):
        plan, billing = boom.below(3), boom.pick(["prepaid", "prepaid", "arrears"])
        profile = boom.pick(["released", "released", *ON_DEVICE])
        state = "paused" if boom.below(8) == 0 else "active"
        line = customer.line(plan=plan, billing=billing, state=state, profile=profile)
        customer.services(line, boom.below(4), ended=boom.pick([0, 0, 0, 1]))
        unpaid = billing == "arrears" and boom.below(3) == 0
        customer.paid_bills(line, plan, last=9 if unpaid else 10)
        if unpaid:
            customer.bill(line, 10, state="unpaid", plan=plan, extras=[boom.below(3)])
        _some_balance(customer, line)


def _some_balance(customer: Customer, line: str) -> None:
    """None, nothing left, or what is left of one or two payments."""
    boom = customer.boom
    size = Decimal(50) if customer.currency == "CNY" else Decimal(10)
    paid = [f"{size * (1 + boom.below(4)):.2f}" for _ in range(boom.pick([0, 1, 1, 2]))]
    if paid:
        total = sum((Decimal(amount) for amount in paid), Decimal(0))
        left = boom.pick([Decimal(0), total, (total * boom.below(100) / 100)])
        customer.balance(line, "paid", f"{left:.2f}", paid)
    if boom.below(4) == 0:
        expires = boom.pick(["", "2026-11-30", "2027-06-30"])
        customer.balance(line, "promotional", f"{size / 5:.2f}", expires=expires)


MADE_FOR_THE_DEMO = {
    "li.wei": li_wei,
    "anna.schmidt": anna_schmidt,
    "chen.jie": chen_jie,
    "marie.lefevre": marie_lefevre,
    "wang.fang": wang_fang,
    **FOR_THE_MONEY,
}


def make(directory: Path) -> None:
    """Writes every file of the export into `directory`."""
    boom = Boom()
    for person in people():
        customer = Customer(boom, person)
        customer.sign_up(*TAXES.get(person.username, ("", "")))
        MADE_FOR_THE_DEMO.get(person.username, anybody)(customer)
    for staff in STAFF:
        boom.add("staff", *staff)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "export.toml").write_text(ABOUT, encoding="utf-8", newline="\n")
    for file, columns in COLUMNS.items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(boom.rows[file])
        (directory / f"{file}.csv").write_text(text.getvalue(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "boom")

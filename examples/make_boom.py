"""Makes `examples/boom`: the export of a carrier that does not exist.

`python examples/make_boom.py [DIR]` writes the same bytes every time: one seed, no clock.
"""

import csv
import io
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

sys.path.insert(0, str(Path(__file__).parent))
from boom_people import COUNTRIES, Person, people

SEED = 20261101
AS_OF = "2026-11-01T00:00:00+08:00"
LAST_DAY = date(2026, 10, 31)
ABOUT = f"""# What this folder is, and as of which moment. `signoff import` reads `as_of`.
carrier = "Boom"
as_of = {AS_OF}
"""

COLUMNS = {
    "customers": "account username email name country language time_zone currency contact_phone",
    "lines": "line account msisdn imsi plan billing monthly_price currency cycle_day "
    "activated_on state",
    "profiles": "line iccid eid matching_id state",
    "devices": "imei account line name last_seen_on",
    "services": "service line name state",
    "balances": "bucket account line kind amount currency expires_on",
    "payments": "payment bucket amount refunded currency method paid_at",
    "bills": "bill account line issued_on due_on total currency state",
    "bill_items": "bill position description amount",
    "staff": "username email name totp_secret roles",
}
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

PLANS = {
    "CNY": [
        ("Boom 轻享 5GB", "29.00"),
        ("Boom 畅享 20GB", "59.00"),
        ("Boom 全球 40GB", "128.00"),
    ],
    "EUR": [
        ("Boom Light 5 GB", "7.99"),
        ("Boom Flat 20 GB", "14.99"),
        ("Boom Europe 40 GB", "24.99"),
    ],
}
EXTRAS = {
    "CNY": [
        ("国际漫游流量 1GB", "30.00"),
        ("国际长途通话 12 分钟", "8.28"),
        ("短信 34 条", "3.40"),
        ("老用户优惠", "-10.00"),
    ],
    "EUR": [
        ("Roaming pack Switzerland 1 GB", "6.90"),
        ("Calls abroad, 17 minutes", "3.23"),
        ("Directory enquiries", "1.99"),
        ("Loyalty discount", "-2.00"),
    ],
}
SERVICES = {
    "CNY": ["语音信箱", "国际漫游", "来电显示", "云音乐会员", "手表一号双终端"],
    "EUR": ["Voice mail", "EU roaming", "Music pass", "Smartwatch twin", "Cloud 100 GB"],
}
METHODS = {
    "CNY": ["支付宝", "微信支付", "银联卡 ···· 6222", "银联卡 ···· 0019"],
    "EUR": ["Visa ···· 4242", "Mastercard ···· 4444", "SEPA Direct Debit", "Bancontact"],
}
PHONES = [
    "Xiaomi 14",
    "HUAWEI Pura 70",
    "iPhone 15",
    "OPPO Find X7",
    "Pixel 8",
    "Galaxy S24",
    "Fairphone 5",
    "Honor Magic6",
]
ON_DEVICE = ["downloaded", "installed", "enabled", "enabled", "enabled", "disabled"]
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

ItemT = TypeVar("ItemT")
Cell = str | int | date | Decimal | None


class Boom:
    """The rows of every file, as they are made."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)  # noqa: S311 - sample data, the same every time
        self.rows: defaultdict[str, list[tuple[Cell, ...]]] = defaultdict(list)
        self._used: Counter[str] = Counter()

    def add(self, file: str, *cells: Cell) -> None:
        """One row."""
        if len(cells) != len(COLUMNS[file].split()):
            raise ValueError(f"{file}: {cells}")
        self.rows[file].append(cells)

    def below(self, most: int) -> int:
        """From 0 to `most` - 1. Only `random()` is promised to stay the same between Pythons."""
        return int(self._random.random() * most)

    def pick(self, choices: Sequence[ItemT]) -> ItemT:
        """One of them."""
        return choices[self.below(len(choices))]

    def signs(self, alphabet: str, length: int) -> str:
        """A word of these signs."""
        return "".join(self.pick(alphabet) for _ in range(length))

    def next(self, name: str) -> int:
        """1, 2, 3, … for each name."""
        self._used[name] += 1
        return self._used[name]

    def msisdn(self, country: str) -> str:
        """A number that nobody else here has."""
        return COUNTRIES[country].numbers.format(self.next(f"msisdn {country}"))

    def imsi(self) -> str:
        """In the network 001-01, which ITU-T E.212 keeps for tests."""
        return f"00101{7_000_000_000 + self.next('imsi') * 37:010d}"

    def iccid(self, country: str) -> str:
        """19 digits, the last one by Luhn."""
        start = COUNTRIES[country].iccid + "99"
        body = start + f"{self.next('iccid') * 7919:0{18 - len(start)}d}"
        return body + luhn.calc_check_digit(body)

    def eid(self) -> str:
        """32 digits with GSMA's test manufacturer, the last two modulo 97."""
        body = "89049032" + self.signs("0123456789", 22)
        return body + str(mod_97_10.calc_check_digits(body))

    def imei(self) -> str:
        """Its first three digits are those of test devices, so it is in no shop."""
        body = "001" + self.signs("0123456789", 11)
        return body + luhn.calc_check_digit(body)

    def matching_id(self) -> str:
        """As in an activation code (SGP.22 section 4.1)."""
        return "-".join(self.signs(_SIGNS, 5) for _ in range(4))

    def day_before(self, most_days: int) -> date:
        """Some day of the last `most_days` days."""
        return LAST_DAY - timedelta(days=self.below(most_days))


class Customer:
    """Writes what belongs to one customer."""

    def __init__(self, boom: Boom, person: Person) -> None:
        self.boom = boom
        self.person = person
        self.country = COUNTRIES[person.country]
        self.currency = self.country.currency
        self.account = f"BM{100000 + boom.next('account')}"
        self._activated: dict[str, date] = {}

    def sign_up(self) -> None:
        """The contract."""
        contact = "" if self.boom.below(4) == 0 else self.boom.msisdn(self.person.country)
        self.boom.add(
            "customers",
            self.account,
            self.person.username,
            f"{self.person.username}@mail.example",
            self.person.name,
            self.person.country,
            self.person.language,
            self.country.time_zone,
            self.currency,
            contact,
        )

    def line(self, *, plan: int, billing: str, state: str, profile: str) -> str:
        """A line with its profile, and the phone that holds it."""
        boom = self.boom
        reference = f"L{200000 + boom.next('line')}"
        name, price = PLANS[self.currency][plan]
        activated = boom.day_before(900) - timedelta(days=60)
        self._activated[reference] = activated
        boom.add(
            "lines",
            reference,
            self.account,
            boom.msisdn(self.person.country),
            boom.imsi(),
            name,
            billing,
            price,
            self.currency,
            boom.pick([1, 1, 5, 12, 18, 25, 31]),
            activated,
            state,
        )
        eid = "" if profile == "released" else boom.eid()
        boom.add(
            "profiles",
            reference,
            boom.iccid(self.person.country),
            eid,
            boom.matching_id(),
            profile,
        )
        if profile in ON_DEVICE:
            boom.add(
                "devices",
                boom.imei(),
                self.account,
                reference,
                boom.pick(PHONES),
                boom.day_before(20),
            )
        return reference

    def services(self, line: str, count: int, *, ended: int = 0) -> None:
        """The first `count` services; the last `ended` of them are over."""
        for place, name in enumerate(SERVICES[self.currency][:count]):
            state = "ended" if place >= count - ended else "active"
            reference = f"SVC-{300000 + self.boom.next('service')}"
            self.boom.add("services", reference, line, name, state)

    def balance(
        self,
        line: str | None,
        kind: str,
        amount: str,
        payments: Sequence[str] = (),
        expires: str = "",
    ) -> None:
        """Money, and the payments that it is left from. A payment may be `paid/refunded`."""
        bucket = f"B{400000 + self.boom.next('bucket')}"
        self.boom.add("balances", bucket, self.account, line, kind, amount, self.currency, expires)
        for payment in payments:
            paid, _, refunded = payment.partition("/")
            self._payment(bucket, paid, refunded or "0.00")

    def _payment(self, bucket: str, amount: str, refunded: str) -> None:
        boom = self.boom
        kind = boom.pick(["ch_3", "pi_3"])
        moment = datetime.combine(boom.day_before(300), datetime.min.time(), UTC) + timedelta(
            seconds=boom.below(57_600)
        )
        boom.add(
            "payments",
            f"{kind}{boom.signs(_LETTERS, 23)}",
            bucket,
            amount,
            refunded,
            self.currency,
            boom.pick(METHODS[self.currency]),
            moment.isoformat().replace("+00:00", "Z"),
        )

    def bill(self, line: str, month: int, *, state: str, plan: int, extras: Sequence[int]) -> None:
        """A bill of 2026 for one month: the plan and some extras, as places in EXTRAS."""
        name, price = PLANS[self.currency][plan]
        items = [(name, price), *(EXTRAS[self.currency][place] for place in extras)]
        issued = date(2026, month, 1)
        number = f"2026{month:02d}-{500000 + self.boom.next('bill')}"
        total = sum((Decimal(amount) for _, amount in items), Decimal(0))
        self.boom.add(
            "bills",
            number,
            self.account,
            line,
            issued,
            issued + timedelta(days=14),
            total,
            self.currency,
            state,
        )
        for position, (description, amount) in enumerate(items, 1):
            self.boom.add("bill_items", number, position, description, amount)

    def paid_bills(self, line: str, plan: int, *, last: int = 10) -> None:
        """Those of the months from August to `last`, if the line was there then."""
        for month in range(8, last + 1):
            if date(2026, month, 1) < self._activated[line]:
                continue
            extras = [place for place in range(4) if self.boom.below(4) == 0]
            self.bill(line, month, state="paid", plan=plan, extras=extras)


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
}


def make(directory: Path) -> None:
    """Writes every file of the export into `directory`."""
    boom = Boom()
    for person in people():
        customer = Customer(boom, person)
        customer.sign_up()
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

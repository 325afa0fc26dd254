"""The rows of Boom's export, and what writes those of one customer."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from boom_numbers import id_number
from boom_offers import EXTRAS, METHODS, PLANS, SERVICES
from boom_people import COUNTRIES, Person
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

SEED = 20261101
LAST_DAY = date(2026, 10, 31)

COLUMNS = {
    "customers": "account username email name country language time_zone currency contact_phone "
    "tax_rate prices_include_tax id_number",
    "lines": "line account msisdn imsi plan billing monthly_price currency cycle_day "
    "activated_on state",
    "profiles": "line iccid eid matching_id state",
    "devices": "imei account line name last_seen_on",
    "services": "service line name state",
    "balances": "bucket account line kind amount currency expires_on",
    "payments": "payment bucket amount refunded currency method paid_at",
    "bills": "bill account line issued_on due_on total currency state",
    "bill_items": "bill position description amount kind country first_day last_day",
    "usage": "usage line description amount currency used_at",
    "credits": "credit account line kind description amount currency expires_on",
    "termination_fees": "line first_day last_day amount currency taxed",
    "stays": "line country first_day last_day",
    "staff": "username email name totp_secret roles",
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


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a bill; the country and the days if it was used abroad or is for some days."""

    description: str
    amount: str
    kind: str
    country: str = ""
    first: date | None = None
    last: date | None = None


class Customer:
    """Writes what belongs to one customer."""

    def __init__(self, boom: Boom, person: Person) -> None:
        self.boom = boom
        self.person = person
        self.country = COUNTRIES[person.country]
        self.currency = self.country.currency
        self.account = f"BM{100000 + boom.next('account')}"
        self._activated: dict[str, date] = {}

    def sign_up(self, tax_rate: str, prices_include_tax: str) -> None:
        """The contract. tax_rate: in percent."""
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
            tax_rate,
            prices_include_tax,
            id_number(self.person.country, int(self.account[2:])),
        )

    def line(
        self, *, plan: int, billing: str, state: str, profile: str, since: date | None = None
    ) -> str:
        """A line with its profile, and the phone that holds it. since: its first day."""
        boom = self.boom
        reference = f"L{200000 + boom.next('line')}"
        name, price = PLANS[self.currency][plan]
        activated = since or boom.day_before(900) - timedelta(days=60)
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
        currency: str = "",
    ) -> None:
        """Money, and the payments that it is left from. A payment may be `paid/refunded`."""
        bucket = f"B{400000 + self.boom.next('bucket')}"
        code = currency or self.currency
        self.boom.add("balances", bucket, self.account, line, kind, amount, code, expires)
        for payment in payments:
            paid, _, refunded = payment.partition("/")
            self._payment(bucket, paid, refunded or ("0" if code == "JPY" else "0.00"), code)

    def _payment(self, bucket: str, amount: str, refunded: str, code: str) -> None:
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
            code,
            boom.pick(METHODS[code]),
            moment.isoformat().replace("+00:00", "Z"),
        )

    def bill(self, line: str, month: int, *, state: str, plan: int, extras: Sequence[int]) -> None:
        """A bill of 2026 for one month: the plan and some extras, as places in EXTRAS."""
        items = [Item(*PLANS[self.currency][plan], "plan")]
        items += [Item(*EXTRAS[self.currency][place]) for place in extras]
        self.itemised(line, date(2026, month, 1), items, state=state)

    def itemised(
        self, line: str, issued: date, items: Sequence[Item], *, state: str = "paid"
    ) -> None:
        """A bill with these items."""
        number = f"{issued:%Y%m}-{500000 + self.boom.next('bill')}"
        total = sum((Decimal(item.amount) for item in items), Decimal(0))
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
        for position, item in enumerate(items, 1):
            self.boom.add(
                "bill_items",
                number,
                position,
                item.description,
                item.amount,
                item.kind,
                item.country,
                item.first,
                item.last,
            )

    def used(self, line: str, description: str, amount: str, at: str) -> None:
        """Use that no bill holds yet."""
        reference = f"U{600000 + self.boom.next('usage')}"
        self.boom.add("usage", reference, line, description, amount, self.currency, at)

    def credit(self, kind: str, description: str, amount: str, expires: str = "") -> None:
        """A credit note or a coupon, for the account as a whole."""
        reference = f"C{700000 + self.boom.next('credit')}"
        self.boom.add(
            "credits",
            reference,
            self.account,
            None,
            kind,
            description,
            amount,
            self.currency,
            expires,
        )

    def fee(self, line: str, first: date, last: date, amount: str, *, taxed: str = "no") -> None:
        """A row of the line's table of fees for ending early."""
        self.boom.add("termination_fees", line, first, last, amount, self.currency, taxed)

    def stay(self, line: str, country: str, first: date, last: date) -> None:
        """The network saw the line abroad."""
        self.boom.add("stays", line, country, first, last)

    def paid_bills(self, line: str, plan: int, *, last: int = 10) -> None:
        """Those of the months from August to `last`, if the line was there then."""
        for month in range(8, last + 1):
            if date(2026, month, 1) < self._activated[line]:
                continue
            extras = [place for place in range(4) if self.boom.below(4) == 0]
            self.bill(line, month, state="paid", plan=plan, extras=extras)

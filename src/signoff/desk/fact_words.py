"""What a row of the record says besides its event, in the reader's words."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signoff.closing.rules import Scope
from signoff.desk import words
from signoff.hotline.rules import Direction, Fact
from signoff.presentation import labels, wording
from signoff.talk.models import Via

_SHOWN = 24
"""So many characters of a value are shown; a fingerprint is recognised by fewer."""

NAMES = {
    "asked": gettext_lazy("asked"),
    "as_of": gettext_lazy("as of"),
    "attempt": gettext_lazy("try"),
    "batch": gettext_lazy("bank file"),
    "bill": gettext_lazy("bill"),
    "bytes": gettext_lazy("bytes"),
    "call": gettext_lazy("call"),
    "cases": gettext_lazy("cases"),
    "dispute": gettext_lazy("dispute"),
    "failed": gettext_lazy("came back"),
    "files": gettext_lazy("files"),
    "key": gettext_lazy("key"),
    "line": gettext_lazy("line"),
    "lines": gettext_lazy("lines"),
    "message": gettext_lazy("message"),
    "numbers": gettext_lazy("numbers of papers"),
    "page": gettext_lazy("page"),
    "pages": gettext_lazy("pages"),
    "paid": gettext_lazy("paid"),
    "refund": gettext_lazy("refund"),
    "reviewer": gettext_lazy("reviewer"),
    "right": gettext_lazy("right answers"),
    "rules": gettext_lazy("rules"),
    "settlement": gettext_lazy("settlement"),
    "status": gettext_lazy("answer of the bank"),
    "step": gettext_lazy("step"),
    "system": gettext_lazy("system"),
    "ticket": gettext_lazy("ticket"),
    "transfers": gettext_lazy("transfers"),
    "until": gettext_lazy("until"),
    "user": gettext_lazy("person"),
    "values": gettext_lazy("texts erased"),
    "version": gettext_lazy("version"),
}
"""Of the facts that a record has; one that nobody has named yet is shown as it is."""

IMPORTED = {
    "customers": gettext_lazy("customers"),
    "sign_ins": gettext_lazy("sign-ins"),
    "id_numbers": gettext_lazy("numbers of papers"),
    "lines": gettext_lazy("lines"),
    "profiles": gettext_lazy("eSIM profiles"),
    "devices": gettext_lazy("devices"),
    "services": gettext_lazy("services"),
    "balances": gettext_lazy("balances"),
    "payments": gettext_lazy("payments"),
    "bills": gettext_lazy("bills"),
    "bill_items": gettext_lazy("items of bills"),
    "usage": gettext_lazy("use not billed yet"),
    "credits": gettext_lazy("credits"),
    "termination_fees": gettext_lazy("fees for ending early"),
    "stays": gettext_lazy("stays abroad"),
}
"""Kinds of rows of an export."""

_DONE = {
    "created": gettext_lazy("created"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("removed"),
}
"""What became of them: `lines_created`. Of a kind where nothing did, nothing is said."""

_CODES = {
    "kind": ("paper", "route"),
    "reason": ("refusal",),
    "role": ("role",),
    "state": ("dispute", "refund"),
    "step": ("step",),
    "system": ("system",),
    "what": ("more", "hidden"),
    "why": ("why",),
}
"""Where the codes of a fact have their words (`words.WORDS`)."""

_SHORT: dict[str, dict[str, object]] = {
    "asked": {
        Fact.PLAN.value: gettext_lazy("plan"),
        Fact.ACTIVATED.value: gettext_lazy("first month"),
        Fact.LAST_PAYMENT.value: gettext_lazy("last payment"),
        Fact.LINES.value: gettext_lazy("number of lines"),
    },
    "via": {
        Via.PAGE.value: gettext_lazy("page"),
        Via.MAIL.value: gettext_lazy("mail"),
        Via.HOTLINE.value: gettext_lazy("telephone"),
    },
    "direction": {
        Direction.OURS.value: gettext_lazy("we called"),
        Direction.THEIRS.value: gettext_lazy("they called"),
    },
}
"""Codes that have long words, or none, elsewhere."""

_ALONE = frozenset({"direction", "kind", "reason", "role", "scope", "state", "via", "what", "why"})
"""Facts whose words need no name before them."""

_UNSAID = frozenset({"from", "to", "currency"})
_COMMITMENT = "_commitment"


def told(facts: Mapping[str, object]) -> str:
    """`refund 7 · CN¥10.00`: each fact with its name, or alone where it speaks for itself."""
    said = (_fact(name, facts) for name in facts if name not in _UNSAID)
    return " · ".join(fact for fact in said if fact)


def _fact(name: str, facts: Mapping[str, object]) -> str:
    value, currency = facts[name], facts.get("currency")
    if name == "amount" and isinstance(value, int) and isinstance(currency, str):
        return wording.minor(value, currency)
    if name == "seconds" and isinstance(value, int):
        return wording.duration(timedelta(seconds=value))
    kind, _line, done = name.rpartition("_")
    if kind in IMPORTED and done in _DONE:
        return f"{IMPORTED[kind]} {_DONE[done]} {value}" if value else ""
    if name.endswith(_COMMITMENT):
        fingerprint = _("fingerprint")
        return f"{fingerprint} {_cut(value, 12)}"
    if name in _ALONE:
        return _said(name, value)
    return f"{NAMES.get(name, name)} {_said(name, value)}"


def _moment(value: object) -> str:
    try:
        return wording.moment(datetime.fromisoformat(str(value)))
    except ValueError:
        return _cut(value)


def _said(name: str, value: object) -> str:
    if name == "as_of":
        return _moment(value)
    if name == "scope":
        return str(labels.words("scope", Scope(str(value))))
    if name not in _CODES and name not in _SHORT:
        return _cut(value)
    return wording.listed([_called(name, code) for code in str(value).split()])


def _called(name: str, code: str) -> str:
    code = code.partition(":")[0]  # a step names its line or its service behind it
    places = (_SHORT.get(name, {}), *(words.WORDS[kind] for kind in _CODES.get(name, ())))
    return next((str(known[code]) for known in places if code in known), _cut(code))


def _cut(value: object, shown: int = _SHOWN) -> str:
    text = str(value)
    return text if len(text) <= shown else f"{text[: min(shown, _SHOWN // 2)]}…"

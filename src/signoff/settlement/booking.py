"""What a settlement and its refunds are in the journal. Pure: content in, postings out."""

from collections.abc import Iterator, Mapping
from typing import Any

from signoff.journal.rules import Account, PostingLine

_CREDITS = {
    "paid_balance": Account.BALANCES_PAID,
    "deposit_balance": Account.BALANCES_DEPOSIT,
    "promotional_balance_used": Account.BALANCES_PROMOTIONAL,
    "credit_note": Account.CREDITS,
    "coupon_used": Account.CREDITS,
    "plan_unused_days": Account.PLANS,
}
_CHARGES = {
    "unpaid_bill": Account.BILLS,
    "plan_by_days": Account.PLANS,
    "plan_period": Account.PLANS,
    "usage": Account.USAGE,
    "early_termination_fee": Account.FEES,
}
_FORFEITED = {
    "promotional_balance": Account.BALANCES_PROMOTIONAL,
    "coupon": Account.CREDITS,
    "expired_balance": Account.BALANCES_PAID,
}


def final_bill(content: Mapping[str, Any]) -> list[PostingLine]:
    """A frozen settlement: what is left on CLOSING afterwards is what goes back."""
    return [
        line
        for side in (_credits(content), _charges(content), _forfeited(content))
        for line in side
        if line.minor
    ]


def _credits(content: Mapping[str, Any]) -> Iterator[PostingLine]:
    for part in content["credits"]:
        yield from _against_closing(_CREDITS[part["code"]], part, 1)


def _charges(content: Mapping[str, Any]) -> Iterator[PostingLine]:
    for part in content["charges"]:
        yield from _against_closing(_CHARGES[part["code"]], part, -1)


def _against_closing(account: Account, part: Mapping[str, Any], sign: int) -> Iterator[PostingLine]:
    currency = part["currency"]
    yield PostingLine(account, sign * (part["amount"] - part["tax"]), currency)
    yield PostingLine(Account.TAX, sign * part["tax"], currency)
    yield PostingLine(Account.CLOSING, -sign * part["amount"], currency)


def _forfeited(content: Mapping[str, Any]) -> Iterator[PostingLine]:
    for part in content["forfeited"]:
        yield PostingLine(_FORFEITED[part["code"]], part["amount"], part["currency"])
        yield PostingLine(Account.FORFEITED, -part["amount"], part["currency"])


def moved(frm: Account, to: Account, minor: int, currency: str) -> list[PostingLine]:
    """`minor` units that leave one account for another: `to` is debited, `frm` credited."""
    return [PostingLine(to, minor, currency), PostingLine(frm, -minor, currency)]

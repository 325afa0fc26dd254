"""The money of a person, and their bills, as plain values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from signoff.accounts.models import Account
from signoff.kernel.money import from_minor
from signoff.settlement import of_account as more
from signoff.settlement import queries as settlement
from signoff.settlement.disputes.queries import disputes_of
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    BillPayment,
    Credit,
    Dispute,
    EarlyTerminationFee,
    Payment,
    Place,
    Refund,
    Usage,
)
from signoff.takeout.rules import csv_file, json_file

_COLUMNS = (
    "bill", "issued_on", "due_on", "state", "position", "item", "amount", "currency", "kind",
    "country", "first_day", "last_day",
)  # fmt: skip


def money_files(account: Account, cases: Mapping[UUID, str]) -> dict[str, bytes]:
    """By path. cases: numbers of the account's cases; their refunds are in it."""
    code = account.currency
    bills = list(settlement.bills_of(account).select_related("line"))
    lists: dict[str, Sequence[dict[str, Any]]] = {
        "money/balances": [_bucket(row, code) for row in settlement.buckets_of(account)],
        "money/payments": [_payment(row, code) for row in settlement.payments_of(account)],
        "money/bill_payments": [_bill_payment(row) for row in more.bill_payments_of(account)],
        "money/usage": [_usage(row, code) for row in more.usage_of(account)],
        "money/credits": [_credit(row, code) for row in more.credits_of(account)],
        "money/termination_fees": [_fee(row, code) for row in more.termination_fees_of(account)],
        "money/disputes": [_dispute(row) for row in disputes_of(account)],
        "money/refunds": [
            _refund(row, cases[row.case]) for row in more.refunds_of_cases(list(cases))
        ],
        "bills/bills": [_bill(bill, code) for bill in bills],
    }
    files = {f"{path}.json": json_file(rows) for path, rows in lists.items()}
    return {**files, "bills/items.csv": csv_file(_COLUMNS, _items(bills, code))}


def money(minor: int, code: str) -> dict[str, str]:
    """An amount in minor units, exactly."""
    return {"amount": str(from_minor(minor, code).amount), "currency": code}


def _bucket(bucket: BalanceBucket, code: str) -> dict[str, Any]:
    return {
        "reference": bucket.reference,
        "kind": bucket.kind,
        "line": bucket.line.reference if bucket.line else None,
        "balance": money(bucket.amount_minor, bucket.currency or code),
        "expires_on": bucket.expires_on.isoformat() if bucket.expires_on else None,
        "as_of": bucket.as_of.isoformat(),
    }


def _payment(payment: Payment, code: str) -> dict[str, Any]:
    bucket = payment.bucket
    paid_in = (bucket.currency if bucket else "") or code
    return {
        "reference": payment.reference,
        "balance": bucket.reference if bucket else "",
        "paid": money(payment.amount_minor, paid_in),
        "refunded": money(payment.refunded_minor, paid_in),
        "method": payment.method,
        "paid_at": payment.paid_at.isoformat(),
    }


def _bill_payment(payment: BillPayment) -> dict[str, Any]:
    return {
        "bill": payment.bill.number if payment.bill else None,
        "amount": money(payment.amount_minor, payment.currency),
        "state": payment.state,
        "reference": payment.paid_by or payment.reference,
        "asked_at": payment.asked_at.isoformat(),
        "changed_at": payment.changed_at.isoformat(),
    }


def _usage(usage: Usage, code: str) -> dict[str, Any]:
    return {
        "reference": usage.reference,
        "line": usage.line.reference,
        "description": usage.description,
        "amount": money(usage.amount_minor, code),
        "used_at": usage.used_at.isoformat(),
        "is_billed": usage.billed_by_case is not None,
    }


def _credit(credit: Credit, code: str) -> dict[str, Any]:
    return {
        "reference": credit.reference,
        "kind": credit.kind,
        "line": credit.line.reference if credit.line else None,
        "description": credit.description,
        "amount": money(credit.amount_minor, code),
        "expires_on": credit.expires_on.isoformat() if credit.expires_on else None,
        "is_used": credit.used_by_case is not None,
    }


def _fee(fee: EarlyTerminationFee, code: str) -> dict[str, Any]:
    return {
        "line": fee.line.reference,
        "first_day": fee.first_day.isoformat(),
        "last_day": fee.last_day.isoformat(),
        "amount": money(fee.amount_minor, code),
        "is_taxed": fee.is_taxed,
    }


def _dispute(dispute: Dispute) -> dict[str, Any]:
    return {
        "bill": dispute.item.bill.number,
        "position": dispute.item.position,
        "item": dispute.item.description,
        "amount": money(dispute.amount_minor, dispute.currency),
        "reason": dispute.reason,
        "text": dispute.text,
        "state": dispute.state,
        "answer": dispute.answer,
        "opened_at": dispute.opened_at.isoformat(),
        "resolved_at": dispute.resolved_at.isoformat() if dispute.resolved_at else None,
    }


def _refund(refund: Refund, case: str) -> dict[str, Any]:
    return {
        "case": case,
        "amount": money(refund.amount_minor, refund.currency),
        "payment": refund.payment.reference if refund.payment else None,
        "place": _place(refund.place) if refund.place else None,
        "state": refund.state,
        "reference": refund.reference or refund.transfer,
        "expected_on": refund.expected_on.isoformat() if refund.expected_on else None,
        "changed_at": refund.changed_at.isoformat(),
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "kind": place.kind,
        "holder": place.holder,
        "account_number": place.account_number,
        "bic": place.bic,
        "bank": place.bank,
        "line": place.line.reference if place.line else None,
    }


def _bill(bill: Bill, code: str) -> dict[str, Any]:
    return {
        "number": bill.number,
        "line": bill.line.reference if bill.line else None,
        "issued_on": bill.issued_on.isoformat(),
        "due_on": bill.due_on.isoformat(),
        "state": bill.state,
        "total": money(bill.total_minor, code),
        "paid_here": money(bill.paid_minor, code),
        "credited": money(bill.credited_minor, code),
        "left_to_pay": money(bill.left_minor, code),
        "items": [
            {
                "description": item.description,
                "amount": money(item.amount_minor, code),
                "kind": item.kind,
                "country": item.country or None,
                "first_day": item.first_day.isoformat() if item.first_day else None,
                "last_day": item.last_day.isoformat() if item.last_day else None,
            }
            for item in bill.items.all()
        ],
    }


def _items(bills: Iterable[Bill], code: str) -> Iterable[tuple[object, ...]]:
    for bill in bills:
        for item in bill.items.all():
            yield (
                bill.number,
                bill.issued_on,
                bill.due_on,
                bill.state,
                item.position,
                item.description,
                from_minor(item.amount_minor, code).amount,
                code,
                item.kind,
                item.country,
                item.first_day,
                item.last_day,
            )

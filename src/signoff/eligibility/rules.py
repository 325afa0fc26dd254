"""What stands in the way of a closing, all at once, each with a way to fix it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moneyed import Money

from signoff.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as far as closing it matters. `msisdn` is masked; `state` as in accounts."""

    line: int
    msisdn: str
    state: str
    profile_state: str
    open_case: str
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that eligibility looks at. `due` is what balance does not cover.

    disputed_bills: numbers of bills in this closing with an open dispute; disputes_wait: the rule
    pack lets the closing wait for them. paying_bills: a payment of these is under way.
    """

    lines: tuple[LineFacts, ...]
    due: Money
    forfeited: Money
    unpaid_bills: tuple[str, ...] = ()
    disputed_bills: tuple[str, ...] = ()
    disputes_wait: bool = False
    paying_bills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One blocker or warning: `template` with `params` for a person, `code` for programs.

    `fix` names where it can be solved: bills, due, case, or "" where there is nothing to do.
    `subject` is what the fix is about: a bill's or a case's number.
    """

    code: str
    template: str
    params: Mapping[str, object] = field(default_factory=dict)
    fix: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """`blockers` must be solved first; `warnings` only be known."""

    blockers: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def to_look_at(self) -> tuple[Finding, ...]:
        """Warnings that can still be settled before the closing, if one likes."""
        return tuple(finding for finding in self.warnings if finding.fix)

    @property
    def consequences(self) -> tuple[Finding, ...]:
        """Warnings that come with the closing, whatever one does."""
        return tuple(finding for finding in self.warnings if not finding.fix)


def check(facts: Facts) -> Findings:
    """All blockers and warnings at once: never one after the other."""
    blockers = [finding for line in facts.lines for finding in _line_blockers(line)]
    blockers += _money_blockers(facts)
    disputes = _disputes(facts)
    warnings = _payments_under_way(facts)
    if facts.disputes_wait:
        blockers += disputes
    else:
        warnings += disputes
    warnings += [finding for line in facts.lines for finding in _line_warnings(line)]
    if facts.forfeited.amount > 0:
        warnings.append(
            Finding(
                "promotional_credit_ends",
                _(
                    "%(amount)s of promotional credit ends with the line. It was a gift, not money that you paid, so it is not refunded."
                ),
                {"amount": facts.forfeited},
            )
        )
    return Findings(tuple(blockers), tuple(warnings))


def _line_blockers(line: LineFacts) -> list[Finding]:
    if line.open_case:
        return [
            Finding(
                "already_closing",
                _("%(line)s is already being closed in case %(case)s."),
                {"line": line.msisdn, "case": line.open_case},
                fix="case",
                subject=line.open_case,
            )
        ]
    if line.state == "closed":
        return [Finding("already_closed", _("%(line)s is closed already."), {"line": line.msisdn})]
    return []


def _money_blockers(facts: Facts) -> list[Finding]:
    if facts.due.amount <= 0:
        return []
    return [
        Finding(
            "money_due",
            _("%(amount)s is still to be paid: your balance does not cover it."),
            {"amount": facts.due},
            fix="bills" if facts.unpaid_bills else "due",
            subject=facts.unpaid_bills[0] if facts.unpaid_bills else "",
        )
    ]


def _disputes(facts: Facts) -> list[Finding]:
    """Of each bill with an open dispute: it waits, or goes on without what is disputed."""
    code = "dispute_open"
    words = _(
        "You dispute an item of bill %(bill)s. What you dispute is set aside; the rest of the closing goes on."
    )
    if facts.disputes_wait:
        words = _(
            "You dispute an item of bill %(bill)s. We decide about that first; then you can close."
        )
    return [
        Finding(code, words, {"bill": bill}, fix="bills", subject=bill)
        for bill in facts.disputed_bills
    ]


def _payments_under_way(facts: Facts) -> list[Finding]:
    words = _(
        "A payment of bill %(bill)s is under way. As soon as it is through, the amounts here take it in."
    )
    return [
        Finding("payment_under_way", words, {"bill": bill}, fix="bills", subject=bill)
        for bill in facts.paying_bills
    ]


_ON_DEVICE = frozenset({"downloaded", "installed", "enabled", "disabled"})


def _line_warnings(line: LineFacts) -> list[Finding]:
    found = [
        Finding(
            "number_ends",
            _(
                "The number %(line)s stops working. Banks and apps that send codes to it must know your new number first."
            ),
            {"line": line.msisdn},
        )
    ]
    if line.profile_state in _ON_DEVICE:
        found.append(
            Finding(
                "profile_on_device",
                _(
                    "The eSIM of %(line)s is on a phone. We switch it off; you remove it from the phone yourself, and we show you how."
                ),
                {"line": line.msisdn},
            )
        )
    if line.services:
        found.append(
            Finding(
                "services_end",
                _("These services end with %(line)s: %(services)s."),
                {"line": line.msisdn, "services": line.services},
            )
        )
    return found

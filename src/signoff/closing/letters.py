"""Letters about a case: what they may mention, and that they are sent."""

from datetime import datetime, timedelta

from signoff.closing import queries
from signoff.closing.models import Case
from signoff.kernel.formats import date_text, list_text, moment_text, money_text
from signoff.kernel.identifiers import Msisdn
from signoff.kernel.money import from_minor
from signoff.notice import operations as notice
from signoff.notice.words import CaseWords
from signoff.settlement.queries import settlement_of


def words_for(
    case: Case,
    *,
    date: str = "",
    reason: str = "",
    ground: str = "",
    wanted: tuple[str, ...] = (),
    answer_to: str = "",
    photos: str = "",
    sent_at: str = "",
) -> CaseWords:
    """What messages about this case may mention."""
    masked = [Msisdn(line.msisdn).masked for line in queries.lines_of(case)]
    return CaseWords(
        number=case.number,
        code=queries.access_code(case),
        name=case.contact_name,
        lines=list_text(masked, case.language),
        date=date,
        amount=_refund_text(case),
        reason=reason,
        ground=ground,
        wanted=wanted,
        answer_to=answer_to,
        photos=photos,
        sent_at=sent_at,
    )


def _refund_text(case: Case) -> str:
    settled = settlement_of(case.pk)
    if settled is None or not settled.content["refund_total"]:
        return ""
    refund = from_minor(settled.content["refund_total"], settled.content["currency"])
    return money_text(refund, case.language)


def tell(
    case: Case,
    kind: str,
    words: CaseWords,
    now: datetime,
    *,
    part: str = "",
    delay: timedelta = timedelta(),
    reply_to: str = "",
) -> None:
    """Writes a letter to the customer's contact address and has it sent, once for each part.

    delay: so long it is held back and can be cancelled.
    """
    notice.post(
        notice=notice.write_letter(
            kind=kind,
            case=case.pk,
            to=case.contact_email,
            language=case.language,
            words=words,
            now=now,
            part=part,
            reply_to=reply_to,
        ),
        delay=delay,
    )


def tell_received(case: Case, now: datetime) -> None:
    """We have the request: by letter, and to the other telephone if there is one."""
    assert case.decide_by is not None  # noqa: S101 - set by submit, just before its call
    words = words_for(
        case,
        date=date_text(case.decide_by, case.language),
        sent_at=moment_text(now, case.language, case.account.time_zone),
    )
    tell(case, "received", words, now)
    if case.contact_phone:
        notice.post(
            notice=notice.write_text(
                kind="received",
                case=case.pk,
                to=case.contact_phone,
                language=case.language,
                words=words,
                now=now,
            )
        )

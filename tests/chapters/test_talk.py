"""What customers and the desk write to each other, by page and by mail, and the hotline's tickets."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import IntegrityError, transaction
from typer.testing import CliRunner

from signoff.accounts.models import Role
from signoff.audit.models import AuditRow
from signoff.audit.verification import verify
from signoff.cli.mail import app as mail_command
from signoff.closing.models import Case
from signoff.closing.operations import start_draft
from signoff.closing.rules import Scope
from signoff.config import config
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.notice.models import Notice
from signoff.talk import addresses, operations, queries
from signoff.talk.mailbox import MailOutcome, take_mail
from signoff.talk.models import Author, Message, TicketState
from signoff.talk.operations import say
from signoff.talk.rules import ANSWERS_FOR, LETTER_AFTER, LONGEST, MOST_A_DAY
from tests.engine_rows import engine_rows
from tests.world import NOON, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An operator who takes answers by mail."""
    monkeypatch.setattr(config(), "mail_answers", "case@answers.boom.example")
    yield


def answer(case: Case, text: str = "Here is my answer.", *, to: str = "", number: int = 1) -> bytes:
    letter = EmailMessage()
    letter["From"] = case.contact_email
    letter["To"] = to or addresses.address_of(case)
    letter["Message-ID"] = f"<{number}@example.org>"
    letter.set_content(text)
    return letter.as_bytes()


def take(content: bytes, recipient: str = "") -> MailOutcome:
    return take_mail(content=content, recipient=recipient, now=NOON)


def test_both_sides_see_what_is_new_until_they_have_read_it() -> None:
    case, rui = submitted(customer()), reviewer()
    asked = say(about=case, author=case.account, text=" Which papers do you need? ", now=NOON)
    assert queries.unread_by_desk([case.number]) == {case.number: 1}
    assert operations.mark_read(about=case, reader=rui, up_to=asked.pk, now=NOON) == 1
    assert operations.mark_read(about=case, reader=rui, up_to=asked.pk, now=NOON) == 0
    told = say(about=case, author=rui, text="None, thank you.", now=NOON + SECOND)
    assert (queries.unread_by_customer(case), queries.unread_by_desk([case.number])) == (1, {})
    mine, later = case.account, NOON + SECOND
    assert operations.mark_read(about=case, reader=mine, up_to=told.pk, now=later) == 1
    rows = queries.for_customer(case)
    assert [(row.author, row.text) for row in rows] == [
        (Author.CUSTOMER, "Which papers do you need?"),
        (Author.DESK, "None, thank you."),
    ]
    assert all(row.read_at for row in rows)
    assert "papers" not in str(list(AuditRow.objects.values_list("facts", flat=True)))
    assert verify().broken == ()


def test_a_letter_tells_of_messages_that_nobody_reads_and_does_not_repeat_them() -> None:
    case, rui = submitted(customer()), reviewer()
    say(about=case, author=rui, text="The secret word is plover.", now=NOON)
    last = say(about=case, author=rui, text="And one thing more.", now=NOON + SECOND)
    told = Notice.objects.get(case=case.pk, kind="message")
    assert told.not_before == NOON + LETTER_AFTER
    assert engine_rows(f"notice:{told.pk}:0")[f"notice:{told.pk}:0"].status == "DELAYED"
    assert "plover" not in told.text
    assert told.reply_to == addresses.address_of(case)
    assert told.text.startswith("##- ")
    mine, later = case.account, NOON + SECOND
    operations.mark_read(about=case, reader=mine, up_to=last.pk - 1, now=later)
    assert Notice.objects.get(pk=told.pk).state == "waiting"  # one was not on the page
    operations.mark_read(about=case, reader=mine, up_to=last.pk, now=later)
    assert Notice.objects.get(pk=told.pk).state == "cancelled"
    say(about=case, author=rui, text="Later.", now=NOON + timedelta(hours=1))
    assert Notice.objects.filter(kind="message", state="waiting").count() == 1


def test_what_cannot_be_written() -> None:
    who = customer()
    case, other = submitted(who), customer()
    for text in ("  ", "\x00\x1b", "x" * (LONGEST + 1)):
        with pytest.raises(InvalidValue):
            say(about=case, author=case.account, text=text, now=NOON)
    for stranger in (other.account, who.user):  # a sign-in of a customer is nobody at the desk
        with pytest.raises(Refusal):
            say(about=case, author=stranger, text="Hello", now=NOON)
    draft = start_draft(
        account=other.account, lines=other.lines, scope=Scope.LINE, language="en", now=NOON
    )
    with pytest.raises(Refusal):
        say(about=draft, author=other.account, text="Hello", now=NOON)
    assert not Message.objects.exists()


def test_a_machine_that_writes_without_end_is_stopped() -> None:
    case = submitted(customer())
    for number in range(MOST_A_DAY):
        assert take(answer(case, number=number)) is MailOutcome.TAKEN
    assert take(answer(case, number=99)) is MailOutcome.TOO_MANY
    with pytest.raises(Refusal):
        say(about=case, author=case.account, text="Hello", now=NOON)
    say(about=case, author=case.account, text="Hello", now=NOON + timedelta(days=1))


def test_a_mail_becomes_a_message_of_its_case_once() -> None:
    case = submitted(customer())
    quoted = "The first one.\n\nOn Sunday, 22 November 2026, Boom wrote:\n> Which one?"
    assert take(answer(case, quoted)) is MailOutcome.TAKEN
    assert take(answer(case, quoted)) is MailOutcome.KNOWN
    (row,) = Message.objects.all()
    assert (row.case, row.author, row.via, row.text) == (case, "customer", "mail", "The first one.")
    assert not row.other_sender
    assert queries.unread_by_desk([case.number]) == {case.number: 1}


def test_a_mail_from_another_address_is_taken_and_marked() -> None:
    case = submitted(customer())
    content = answer(case).replace(case.contact_email.encode(), b"somebody@else.example")
    assert take(content) is MailOutcome.TAKEN
    assert Message.objects.get().other_sender


def test_pictures_in_a_mail_are_left_out_and_the_desk_learns_of_it() -> None:
    case = submitted(customer())
    letter = EmailMessage()
    letter["From"] = case.contact_email
    letter["To"] = addresses.address_of(case)
    letter.set_content("")
    letter.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="card.jpg")
    assert take(letter.as_bytes()) is MailOutcome.TAKEN
    assert (Message.objects.get().left_out, Message.objects.get().text) == (1, "")


def test_only_the_signed_address_leads_to_a_case_and_only_to_its_own() -> None:
    mine, other = submitted(customer()), submitted(customer())
    address, others = addresses.address_of(mine), addresses.address_of(other)
    local, _at, domain = address.partition("@")
    number = local.partition(".")[0]
    token, others_token = (a.partition(".")[2].partition("@")[0] for a in (address, others))
    wrong = [
        f"{number}.{others_token}@{domain}",  # the other case's token
        f"{number}.{token[:-1]}@{domain}",
        f"{number}.{'a' * 26}@{domain}",
        f"{number}@{domain}",
        f"case@{domain}",
        f"{local}@evil.example",
        address.replace("case+", "other+"),
        f"{address}, {others}",  # which one did they mean?
        "",
        "@",
        "x" * 5000,
    ]
    for to in wrong:
        assert take(answer(mine, to=to or "nobody")) is MailOutcome.NOBODY, to
    assert take(answer(mine, to=others), recipient=address) is MailOutcome.TAKEN
    assert Message.objects.get().case == mine  # the mail server knows where it delivers to
    assert take(answer(other, to=others.upper(), number=2)) is MailOutcome.TAKEN
    assert Message.objects.filter(case=other).count() == 1


def test_the_address_of_a_case_ends_long_after_the_case() -> None:
    case = submitted(customer())
    address = addresses.address_of(case)
    Case.objects.filter(pk=case.pk).update(state="closed", ended_at=NOON)
    assert addresses.found_at(address, NOON + ANSWERS_FOR) == case
    assert addresses.found_at(address, NOON + ANSWERS_FOR + SECOND) is None


def test_without_an_address_of_the_operator_no_mail_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = submitted(customer())
    content = answer(case)
    monkeypatch.setattr(config(), "mail_answers", "")
    assert take(content) is MailOutcome.NOBODY
    say(about=case, author=reviewer(), text="Hello", now=NOON)
    told = Notice.objects.get(kind="message")
    assert (told.reply_to, "answering this letter" in told.text) == ("", False)


def test_holiday_notices_and_empty_mails_are_dropped() -> None:
    case = submitted(customer())
    machine = answer(case).replace(b"From:", b"Auto-Submitted: auto-replied\nFrom:", 1)
    assert take(machine) is MailOutcome.AUTOMATIC
    assert take(answer(case, "> only a quote")) is MailOutcome.EMPTY
    assert take(b"rubbish") is MailOutcome.UNREADABLE
    assert not Message.objects.exists()


def test_a_ticket_is_the_desks_own_and_is_done_once() -> None:
    who, agent, rui = customer(), staff(Role.HOTLINE), reviewer()
    case = submitted(who)
    first = operations.file_ticket(
        account=who.account, case=case, by=agent, text="Wants to be called back.", now=NOON
    )
    other = customer()
    operations.file_ticket(
        account=other.account, case=None, by=agent, text="Cannot sign in.", now=NOON + SECOND
    )
    assert [row.text for row in queries.tickets()] == [
        "Wants to be called back.",
        "Cannot sign in.",
    ]
    assert queries.for_customer(case) == []
    assert queries.unread_by_customer(case) == 0
    operations.finish_ticket(ticket=first.pk, by=rui, now=NOON + SECOND)
    with pytest.raises(Conflict):
        operations.finish_ticket(ticket=first.pk, by=rui, now=NOON + SECOND)
    assert [row.pk for row in queries.tickets(TicketState.DONE)] == [first.pk]
    with pytest.raises(Refusal):
        operations.file_ticket(
            account=other.account, case=case, by=agent, text="Hello there.", now=NOON
        )
    with pytest.raises(Refusal):
        operations.file_ticket(
            account=who.account, case=case, by=who.user, text="Hello there.", now=NOON
        )
    assert verify().broken == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"author": "customer", "user": True},
        {"author": "desk"},
        {"author": "customer", "text": ""},
        {"author": "customer", "ticket_state": "open"},
        {"author": "customer", "kind": "ticket", "ticket_state": "open"},
        {"author": "desk", "user": True, "kind": "ticket"},
        {"author": "desk", "user": True, "kind": "ticket", "ticket_state": "done"},
    ],
)
def test_the_database_refuses_half_a_message(wrong: dict[str, object]) -> None:
    case = submitted(customer())
    row = {"case": case, "account": case.account, "kind": "message", "via": "page", "text": "x"}
    row |= {**wrong, "at": NOON}
    if "user" in wrong:
        row["user"] = reviewer()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(**row)


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        ("good", 0, "taken."),
        ("rubbish", 65, "unreadable."),
        ("elsewhere", 67, "nobody."),
    ],
)
def test_the_mail_server_learns_what_became_of_a_mail(content: str, status: int, said: str) -> None:
    case = submitted(customer())
    mails = {
        "good": answer(case),
        "rubbish": b"rubbish",
        "elsewhere": answer(case, to="case@answers.boom.example"),
    }
    result = CliRunner().invoke(mail_command, ["take"], input=mails[content])
    assert (result.exit_code, result.output.strip()) == (status, said)
    assert Message.objects.count() == (status == 0)

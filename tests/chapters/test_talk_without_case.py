"""Who closes nothing can write, too: a conversation of the account, by page and by mail."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from signoff.accounts.models import Account, Role
from signoff.audit.models import AuditRow
from signoff.audit.verification import verify
from signoff.config import config
from signoff.kernel.errors import Refusal
from signoff.notice.models import Notice
from signoff.notice.queries import is_held_for_account
from signoff.talk import addresses, queries
from signoff.talk.listing import recent_talks, unread_talks
from signoff.talk.mailbox import MailOutcome
from signoff.talk.models import Author, Message
from signoff.talk.operations import file_ticket, mark_read, say
from signoff.talk.rules import LETTER_AFTER, MOST_A_DAY
from tests.chapters.test_talk import answer, take
from tests.engine_rows import engine_rows
from tests.racing import at_once
from tests.world import NOON, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An operator who takes answers by mail."""
    monkeypatch.setattr(config(), "mail_answers", "case@answers.boom.example")
    yield


def test_it_stands_beside_the_cases_and_is_on_record_in_the_stream_of_the_account() -> None:
    who, rui = customer(), reviewer()
    case, mine = submitted(who), who.account
    say(about=case, author=mine, text="About the case.", now=NOON)
    last = say(about=mine, author=mine, text="About my plan.", now=NOON + SECOND).pk
    assert [row.text for row in queries.for_customer(case)] == ["About the case."]
    assert [row.text for row in queries.for_customer(mine)] == ["About my plan."]
    assert queries.unread_by_desk([case.number]) == {case.number: 1}
    assert mark_read(about=mine, reader=rui, up_to=last, now=NOON + SECOND) == 1
    assert queries.unread_by_desk([case.number]) == {case.number: 1}
    say(about=mine, author=rui, text="It is this one.", now=NOON + 2 * SECOND)
    assert (queries.unread_by_customer(mine), queries.unread_by_customer(case)) == (1, 0)
    assert queries.unread_of(mine) == {None: 1}
    rows = AuditRow.objects.filter(stream=f"account:{mine.pk}", event="message_sent")
    assert [row.actor for row in rows.order_by("seq")] == ["customer", f"reviewer:{rui.pk}"]
    assert "plan" not in str(list(rows.values_list("facts", flat=True)))
    assert verify().broken == ()


def test_a_letter_tells_of_it_without_its_words_unless_it_is_read_first() -> None:
    who, other, rui = customer(), customer(), reviewer()
    for account in (who.account, other.account):
        say(about=account, author=rui, text="The secret word is plover.", now=NOON)
        last = say(about=account, author=rui, text="And one thing more.", now=NOON).pk
    told = Notice.objects.get(recipient=who.account.email)
    assert told.not_before == NOON + LETTER_AFTER
    assert engine_rows(f"notice:{told.pk}:0")[f"notice:{told.pk}:0"].status == "DELAYED"
    assert "plover" not in told.text and "/talk/" in told.text
    assert told.text.startswith("##- ")
    assert told.reply_to == addresses.address_of(who.account)
    mark_read(about=who.account, reader=who.account, up_to=last, now=NOON)
    states = dict(Notice.objects.values_list("recipient", "state"))
    assert states == {who.account.email: "cancelled", other.account.email: "waiting"}
    say(about=who.account, author=rui, text="Later.", now=NOON + timedelta(hours=1))
    assert Notice.objects.filter(recipient=who.account.email, state="waiting").count() == 1


def test_the_letter_is_written_in_the_language_of_the_customer_and_without_an_address_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(config(), "mail_answers", "")
    who = customer()
    Account.objects.filter(pk=who.account.pk).update(language="zh-hans")
    who.account.refresh_from_db()
    say(about=who.account, author=reviewer(), text="Hello", now=NOON)
    told = Notice.objects.get()
    assert "您" in told.text
    assert (told.reply_to, "##-" in told.text) == ("", False)


def test_nobody_else_writes_into_it_and_nobody_into_one_that_cannot_be_read() -> None:
    who, other, rui = customer(), customer(), reviewer()
    for stranger in (other.account, who.user):
        with pytest.raises(Refusal):
            say(about=who.account, author=stranger, text="Hello", now=NOON)
    Account.objects.filter(pk=who.account.pk).update(closed_at=NOON)
    who.account.refresh_from_db()
    for author in (who.account, rui):
        with pytest.raises(Refusal):
            say(about=who.account, author=author, text="Hello", now=NOON)
    assert not Message.objects.exists()


def test_the_limit_of_a_day_is_that_of_the_account_and_no_case_is_silenced_by_it() -> None:
    who = customer()
    case = submitted(who)
    for number in range(MOST_A_DAY):
        say(about=who.account, author=who.account, text=f"{number}", now=NOON)
    with pytest.raises(Refusal):
        say(about=who.account, author=who.account, text="Hello", now=NOON)
    say(about=case, author=who.account, text="Hello", now=NOON)
    say(about=who.account, author=who.account, text="Hello", now=NOON + timedelta(days=1))


def test_a_mail_to_the_address_of_an_account_becomes_its_message_once() -> None:
    who = customer()
    case = submitted(who)
    to = addresses.address_of(who.account)
    assert take(answer(case, "Thank you.", to=to)) is MailOutcome.TAKEN
    assert take(answer(case, "Thank you.", to=to)) is MailOutcome.KNOWN
    (row,) = Message.objects.all()
    assert (row.account, row.case, row.via, row.other_sender) == (who.account, None, "mail", False)
    strange = answer(case, to=to.upper(), number=2).replace(
        who.account.email.encode(), b"somebody@else.example"
    )
    assert take(strange) is MailOutcome.TAKEN
    assert Message.objects.get(other_sender=True).case is None


def test_an_address_of_an_account_opens_nothing_but_that_account() -> None:
    who, other = customer(), customer()
    case = submitted(who)
    mine, others = addresses.address_of(who.account), addresses.address_of(other.account)
    of_case = addresses.address_of(case)
    local, _at, domain = mine.partition("@")
    name, _dot, _token = local.partition(".")
    token, others_token, case_token = (
        address.partition(".")[2].partition("@")[0] for address in (mine, others, of_case)
    )
    case_name = of_case.partition(".")[0]
    wrong = [
        f"{name}.{others_token}@{domain}",
        f"{name}.{case_token}@{domain}",  # a token of a case is none of an account,
        f"{case_name}.{token}@{domain}",  # nor the other way round
        f"{name}.{'a' * 26}@{domain}",
        f"case+a-0{who.account.pk}.{token}@{domain}",
        f"case+a-{10**17}.{token}@{domain}",
        f"case+a-{'٣'}.{token}@{domain}",
        f"{name}@{domain}",
        f"{mine}, {of_case}",  # which of the two did they mean?
    ]
    for to in wrong:
        assert take(answer(case, to=to)) is MailOutcome.NOBODY, to
    assert not Message.objects.exists()
    assert addresses.found_at(mine, NOON) == who.account
    assert addresses.found_at(of_case, NOON) == case


def test_the_address_ends_with_the_account() -> None:
    who = customer()
    address = addresses.address_of(who.account)
    Account.objects.filter(pk=who.account.pk).update(closed_at=NOON)
    assert addresses.found_at(address, NOON) is None


def test_the_desk_lists_who_waits_longest_first_and_what_was_written_of_late() -> None:
    first, second, rui = customer(), customer(), reviewer()
    case = submitted(second)
    say(about=case, author=second.account, text="One.", now=NOON)
    say(about=first.account, author=first.account, text="Two.", now=NOON + SECOND)
    last = say(about=case, author=second.account, text="Three.", now=NOON + 2 * SECOND).pk
    by = staff(Role.HOTLINE)
    file_ticket(account=first.account, case=None, by=by, text="A ticket.", now=NOON)
    shown = [(talk.case, talk.account, talk.unread, talk.last.text) for talk in unread_talks()]
    assert shown == [(case, second.account, 2, "Three."), (None, first.account, 1, "Two.")]
    mark_read(about=case, reader=rui, up_to=last, now=NOON + 3 * SECOND)
    say(about=case, author=rui, text="Four.", now=NOON + 3 * SECOND)
    assert [talk.account for talk in unread_talks()] == [first.account]
    recent = recent_talks(NOON)
    assert [(talk.last.text, talk.last.author, talk.unread) for talk in recent] == [
        ("Four.", Author.DESK, 0),
        ("Two.", Author.CUSTOMER, 1),
    ]
    assert len(recent_talks(NOON + 3 * SECOND)) == 1
    assert recent[1].account == first.account


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_something_else_is_read_is_told_by_a_letter() -> None:
    who, rui = customer(), reviewer()
    for turn in range(4):
        at = NOON + turn * timedelta(hours=1)
        first = say(about=who.account, author=rui, text="One.", now=at).pk
        ends = at_once(
            partial(mark_read, about=who.account, reader=who.account, up_to=first, now=at),
            partial(say, about=who.account, author=rui, text="Two.", now=at),
        )
        assert ends[0] == 1
        assert queries.unread_by_customer(who.account) == 1
        assert is_held_for_account(who.account.pk, "message")
        mark_read(about=who.account, reader=who.account, up_to=ends[1].pk, now=at)

"""Pictures of papers, on the real database."""

import io
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from PIL import Image, ImageChops

from signoff.accounts.models import User
from signoff.audit.models import AuditRow
from signoff.closing import operations as closing
from signoff.closing.models import Case
from signoff.closing.rules import UNDO_WITHIN, Scope
from signoff.closing.state import stream_of
from signoff.config import config, policies
from signoff.evidence import erasing, operations, phone, queries, sandbox
from signoff.evidence.keys import written
from signoff.evidence.models import CaseKey, Evidence, EvidenceState, Viewing
from signoff.evidence.rules import media_type_of, refusal
from signoff.evidence.sandbox import Cleaned, Picture
from signoff.evidence.sealing import EvidenceKeyError, SealBroken, key_id, new_key
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.sagas.photos import erase_when_due
from tests import hostile_files as files
from tests.world import NOON, Customer, approved, customer, reviewer

pytestmark = pytest.mark.django_db

KINDS = ("card_front", "card_back", "passport")
PLAIN = files.saved(files.picture(), "JPEG")
MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def quick_cleaning(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The process of its own has its tests in tests/rules; here its answer is enough."""
    if "real_process" in request.fixturenames:
        return

    def clean(content: bytes) -> Cleaned:
        media = media_type_of(content)
        if content.endswith(b"broken"):
            raise refusal("unreadable")
        pages = content.count(b"/Type /Page /") or 1
        return Cleaned(media, (Picture(PLAIN, 320, 240),) * pages, 0)

    monkeypatch.setattr(sandbox, "clean", clean)


@pytest.fixture
def real_process() -> None:
    """Asked for by a test that wants the process itself."""


def draft(who: Customer | None = None) -> Case:
    """A customer has begun."""
    who = who or customer()
    return closing.start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=NOON
    )


def add(case: Case, kind: str = "card_front", content: bytes = PLAIN) -> Evidence:
    """The customer sends a picture."""
    return operations.add(case=case, kind=kind, content=content, allowed=KINDS, now=NOON)


def events(case: Case) -> list[str]:
    """What is on record for a case."""
    rows = AuditRow.objects.filter(stream=stream_of(case)).order_by("seq")
    return [row.event for row in rows]


def use_keys(monkeypatch: pytest.MonkeyPatch, *keys: bytes) -> None:
    """The operator has set these."""
    monkeypatch.setenv("SIGNOFF_EVIDENCE_KEYS", ",".join(written(key) for key in keys))
    config.cache_clear()


@pytest.fixture
def own_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keys may be changed in this test; afterwards those of all tests are back."""
    yield
    monkeypatch.undo()
    config.cache_clear()


# Adding


def test_a_picture_is_kept_sealed_and_told_without_personal_data() -> None:
    case = draft()
    row = Evidence.objects.get(pk=add(case).pk)
    assert (row.kind, row.number, row.state) == ("card_front", 1, EvidenceState.READY)
    assert (row.width, row.height, row.size) == (320, 240, len(PLAIN))
    assert b"JFIF" in PLAIN and b"JFIF" not in bytes(row.content)
    told = AuditRow.objects.filter(stream=stream_of(case)).latest("seq")
    assert (told.event, told.facts) == ("evidence_added", {"kind": "card_front", "pages": 1})
    assert [found.pk for found in queries.pictures_of(case)] == [row.pk]


def test_a_second_picture_of_a_kind_replaces_the_first_whose_content_is_gone() -> None:
    case = draft()
    first, second = add(case), add(case)
    add(case, "card_back")
    old = Evidence.objects.get(pk=first.pk)
    assert (old.state, bytes(old.content), old.sha256) == (EvidenceState.REPLACED, b"", "")
    assert {row.pk for row in queries.ready(case).filter(kind="card_front")} == {second.pk}
    assert queries.kinds_of(case) == {"card_front", "card_back"}


def test_pages_of_a_pdf_are_one_picture_each_and_go_together() -> None:
    case = draft()
    first = add(case, "passport", files.pdf(3))
    assert [row.number for row in queries.pictures_of(case)] == [1, 2, 3]
    operations.remove(case=case, evidence_id=first.pk, now=NOON)
    assert queries.pictures_of(case) == []
    assert not Evidence.objects.exclude(content=b"").exists()


def test_nothing_is_written_for_what_is_not_taken() -> None:
    case = draft()
    before = events(case)
    with pytest.raises(InvalidValue):
        add(case, "bank_statement")
    with pytest.raises(InvalidValue):
        add(case, content=PLAIN + b"broken")
    with pytest.raises(InvalidValue):
        add(case, content=b"<svg/>")
    assert not Evidence.objects.exists() and not CaseKey.objects.exists()
    assert events(case) == before


def test_a_case_holds_eight_pictures() -> None:
    case = draft()
    add(case, "card_front", files.pdf(4))
    add(case, "card_back", files.pdf(4))
    with pytest.raises(Refusal) as full:
        add(case, "passport")
    assert full.value.code == "too_many_pictures"
    add(case, "card_back", files.pdf(2))
    add(case, "passport")
    assert len(queries.pictures_of(case)) == 7


def test_pictures_of_a_case_that_was_sent_stay_as_they_are() -> None:
    who = customer()
    case = draft(who)
    row = add(case)
    case = approved(who)
    assert not queries.takes_pictures(case)
    with pytest.raises(Refusal, match="before you send"):
        add(case, "card_back")
    with pytest.raises(Refusal, match="before you send"):
        operations.remove(case=case, evidence_id=row.pk, now=NOON)
    assert len(queries.pictures_of(case)) == 1


def test_a_draft_that_was_sent_during_the_cleaning_takes_no_more() -> None:
    who = customer()
    case = draft(who)
    stale = Case.objects.get(pk=case.pk)
    approved(who)
    assert stale.state == "draft"
    with pytest.raises(Refusal) as shut:
        add(stale)
    assert shut.value.code == "no_pictures_now"
    assert not Evidence.objects.exists()


# Somebody else's


def test_the_id_of_another_cases_picture_is_as_good_as_none() -> None:
    mine, theirs = draft(), draft()
    add(mine)
    other = add(theirs)
    by = reviewer()
    for evidence_id in (other.pk, uuid4()):
        with pytest.raises(Refusal) as shown:
            operations.show(case=mine, evidence_id=evidence_id, viewer=by, now=NOON)
        with pytest.raises(Refusal) as removed:
            operations.remove(case=mine, evidence_id=evidence_id, now=NOON)
        assert {shown.value.code, removed.value.code} == {"no_such_picture"}
    assert len(queries.pictures_of(theirs)) == 1 and not Viewing.objects.exists()


def test_another_customer_sees_nothing_even_with_the_right_case() -> None:
    case = draft()
    row = add(case)
    with pytest.raises(Refusal) as shown:
        operations.show(case=case, evidence_id=row.pk, viewer=customer().user, now=NOON)
    assert shown.value.code == "no_such_picture" and not Viewing.objects.exists()


# Looking


@pytest.mark.usefixtures("real_process")
def test_a_photo_is_cleaned_sealed_and_shown_with_case_and_viewer_on_it() -> None:
    case = draft()
    row = add(case, content=files.photo(turned=6))
    assert (row.width, row.height) == (240, 320)
    by = reviewer()
    seen = operations.show(case=case, evidence_id=row.pk, viewer=by, now=NOON)
    original = opened(row)
    assert original not in seen and files.MAKER not in original
    changed = ImageChops.difference(
        *(Image.open(io.BytesIO(one)).convert("L") for one in (original, seen))
    )
    share = sum(changed.point(lambda value: value > 20).histogram()[1:]) / (240 * 320)
    assert 0.02 < share < 0.6
    viewing = Viewing.objects.get()
    assert (viewing.evidence_id, viewing.viewer_id, viewing.at) == (row.pk, by.pk, NOON)
    looks = AuditRow.objects.filter(stream=stream_of(case), event="evidence_viewed")
    assert [look.actor for look in looks.order_by("seq")] == [f"user:{by.pk}", "idcheck"]


def test_a_program_of_ours_reads_the_clean_picture_and_that_is_on_record_too() -> None:
    case, other = draft(), draft()
    row = add(case)
    assert operations.open_for_check(case=case, evidence_id=row.pk, now=NOON) == PLAIN
    told = AuditRow.objects.filter(stream=stream_of(case)).latest("seq")
    assert (told.event, told.actor) == ("evidence_viewed", "idcheck")
    with pytest.raises(Refusal):
        operations.open_for_check(case=other, evidence_id=row.pk, now=NOON)


def opened(row: Evidence) -> bytes:
    """What is on the picture, without a mark."""
    return operations.open_for_check(case=row.case, evidence_id=row.pk, now=NOON)


def test_the_mark_names_case_viewer_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def marked(content: bytes, text: str) -> bytes:
        said.append(text)
        return content

    monkeypatch.setattr(sandbox, "marked", marked)
    case = draft()
    row = add(case)
    by, abroad = reviewer(), User.objects.create_user("王伟", is_staff=True)
    owner = case.account.user
    assert owner is not None
    for viewer in (by, abroad, owner):
        operations.show(case=case, evidence_id=row.pk, viewer=viewer, now=NOON)
    names = [by.username, f"user {abroad.pk}", owner.username]
    assert said == [f"{case.number}  {name}  2026-11-22 12:00 UTC" for name in names]
    assert [found.viewer_id for found in queries.viewings_of(case)] == [
        owner.pk,
        abroad.pk,
        by.pk,
    ]


def test_a_picture_that_was_changed_or_moved_in_the_database_is_not_shown() -> None:
    one, other = draft(), draft()
    mine, theirs = add(one), add(other)
    by = reviewer()
    sealed = bytes(Evidence.objects.get(pk=theirs.pk).content)
    for content in (sealed, sealed[:-1] + bytes([sealed[-1] ^ 1]), b""):
        Evidence.objects.filter(pk=mine.pk).update(content=content)
        with pytest.raises(SealBroken):
            operations.show(case=one, evidence_id=mine.pk, viewer=by, now=NOON)
    key = CaseKey.objects.get(case=other)
    CaseKey.objects.filter(case=one).update(wrapped=key.wrapped)
    Evidence.objects.filter(pk=mine.pk).update(content=sealed)
    with pytest.raises(SealBroken):
        operations.show(case=one, evidence_id=mine.pk, viewer=by, now=NOON)
    assert not Viewing.objects.exists()


# Keys


@pytest.mark.usefixtures("own_keys")
def test_after_a_rotation_pictures_open_with_the_new_key_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = new_key(), new_key()
    use_keys(monkeypatch, old)
    case = draft()
    row = add(case)
    sealed = bytes(Evidence.objects.get(pk=row.pk).content)
    use_keys(monkeypatch, new, old)
    assert erasing.rewrap_keys(now=NOON) == erasing.Rewrapped(1, 0, key_id(new), ())
    assert erasing.rewrap_keys(now=NOON) == erasing.Rewrapped(0, 0, key_id(new), ())
    use_keys(monkeypatch, new)
    kept = Evidence.objects.get(pk=row.pk)
    assert opened(kept) == PLAIN and bytes(kept.content) == sealed
    use_keys(monkeypatch, old)
    with pytest.raises(EvidenceKeyError):
        opened(kept)
    assert AuditRow.objects.filter(stream=erasing.KEYS_STREAM).count() == 1


@pytest.mark.usefixtures("own_keys")
def test_a_key_that_is_lost_is_named_and_the_others_are_rewrapped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost, old, new = new_key(), new_key(), new_key()
    for key in (lost, old):
        use_keys(monkeypatch, key)
        add(draft())
    use_keys(monkeypatch, new, old)
    found = erasing.rewrap_keys(now=NOON)
    assert found.cases == 1 and len(found.lost) == 1
    assert {use.key_id: use.cases for use in queries.key_uses()}[found.lost[0]] == 1


# The end


def test_pictures_of_a_decided_case_are_erased_by_the_clock_and_never_open_again() -> None:
    who = customer()
    case = draft(who)
    row = add(case)
    sealed, key = bytes(Evidence.objects.get(pk=row.pk).content), CaseKey.objects.get(case=case)
    add(draft())
    case = approved(who)
    due = {case.country: MONTH}
    assert erasing.delete_due(now=NOON + MONTH - timedelta(1), after=lambda c: due[c.country]) == 0
    assert erasing.delete_due(now=NOON + MONTH, after=lambda c: due[c.country]) == 2
    assert erasing.delete_due(now=NOON + MONTH, after=lambda c: due[c.country]) == 0
    gone = Evidence.objects.get(pk=row.pk)
    assert (gone.state, bytes(gone.content), gone.sha256) == (EvidenceState.ERASED, b"", "")
    assert gone.deleted_at == NOON + MONTH and queries.was_erased(case)
    assert events(case)[-1] == "evidence_erased"
    # Somebody kept a copy of the sealed content, from a backup: its key is nowhere any more.
    Evidence.objects.filter(pk=row.pk).update(
        content=sealed, state=EvidenceState.READY, deleted_at=None
    )
    with pytest.raises(SealBroken):
        operations.show(case=case, evidence_id=row.pk, viewer=reviewer(), now=NOON)
    assert not CaseKey.objects.filter(wrapped=key.wrapped).exists()


def test_a_draft_in_use_and_a_case_under_review_keep_their_pictures() -> None:
    case = draft()
    add(case)
    for state, days in (("draft", 29), ("submitted", 400), ("more_info", 400)):
        Case.objects.filter(pk=case.pk).update(state=state)
        later = NOON + timedelta(days=days)
        assert erasing.delete_due(now=later, after=lambda _: timedelta(0)) == 0
    assert len(queries.pictures_of(case)) == 1


def test_the_worker_erases_by_the_rule_pack_of_the_case() -> None:
    who = customer(country="CN")
    case = draft(who)
    kinds = queries.allowed_kinds(case)
    operations.add(case=case, kind=kinds[0], content=PLAIN, allowed=kinds, now=NOON)
    case = approved(who)
    days = policies().for_country("CN").evidence_days_after_decision.value
    due = NOON + max(timedelta(days=days), UNDO_WITHIN)  # what is taken back needs them again
    assert erase_when_due(now=due - timedelta(seconds=1)) == due + timedelta(seconds=59)
    assert queries.pictures_of(case)
    erase_when_due(now=due)
    assert queries.was_erased(case) and not queries.pictures_of(case)


def test_a_case_that_is_changed_at_this_moment_is_erased_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who = customer()
    add(draft(who))
    case = approved(who)
    with monkeypatch.context() as patched:
        patched.setattr(erasing, "record", _somebody_was_first)
        assert erasing.delete_due(now=NOON, after=lambda _: timedelta(0)) == 0
    assert queries.pictures_of(case) and CaseKey.objects.filter(case=case).exists()
    assert erasing.delete_due(now=NOON, after=lambda _: timedelta(0)) == 1


def test_a_case_that_breaks_keeps_nobody_elses_pictures() -> None:
    broken, other = draft(), draft()
    for case in (broken, other):
        add(case)
    Case.objects.update(state="withdrawn", ended_at=NOON)

    def kept_for(case: Case) -> timedelta:
        if case.pk == broken.pk:
            raise ValueError("a book of rules that nobody can read")
        return timedelta(0)

    assert erasing.delete_due(now=NOON, after=kept_for) == 1
    assert (queries.was_erased(broken), queries.was_erased(other)) == (False, True)


def _somebody_was_first(**_: object) -> None:
    raise Conflict("another transaction wrote to the chain first")


# Going on with the telephone


def signed_in(case: Case) -> str:
    """The customer has signed in at a screen; the key of that session."""
    session = SessionStore()
    session.create()
    key = str(session.session_key)
    UserSession.objects.create(user=case.account.user, session_key=key, ip="127.0.0.1")
    return key


def test_a_code_opens_its_own_case_for_a_quarter_of_an_hour() -> None:
    case = draft()
    token = phone.phone_link(case=case, session_key=signed_in(case), now=NOON)
    soon = NOON + timedelta(minutes=14)
    assert phone.case_of_phone_link(token=token, now=soon).pk == case.pk
    for wrong, when in (
        (token, NOON + timedelta(minutes=15)),
        (token[:-1] + ("A" if token[-1] != "A" else "B"), soon),
        (token[5:], soon),
        ("", soon),
        ("a:b", soon),
    ):
        with pytest.raises(Refusal) as error:
            phone.case_of_phone_link(token=wrong, now=when)
        assert error.value.code == "phone_link"


def test_a_code_ends_with_the_session_that_showed_it_and_with_the_draft() -> None:
    who = customer()
    case = draft(who)
    key = signed_in(case)
    token = phone.phone_link(case=case, session_key=key, now=NOON)
    SessionStore(key).delete()
    with pytest.raises(Refusal):
        phone.case_of_phone_link(token=token, now=NOON)
    token = phone.phone_link(case=case, session_key=signed_in(case), now=NOON)
    approved(who)
    with pytest.raises(Refusal):
        phone.case_of_phone_link(token=token, now=NOON)
    with pytest.raises(Refusal):
        phone.phone_link(case=Case.objects.get(pk=case.pk), session_key="x", now=NOON)


def test_a_session_of_somebody_else_makes_no_code() -> None:
    case, other = draft(), draft()
    token = phone.phone_link(case=case, session_key=signed_in(other), now=NOON)
    with pytest.raises(Refusal):
        phone.case_of_phone_link(token=token, now=NOON)


def test_the_code_is_an_svg_element_that_runs_nothing() -> None:
    drawn = phone.qr_code("https://close.carrier.example/u/" + "a" * 180)
    assert drawn.startswith("<svg") and "viewBox" in drawn
    for active in ("<script", "style=", "href", "http"):
        assert active not in drawn

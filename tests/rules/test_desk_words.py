"""What the record says at the desk: every event and every fact in the reader's words."""

from django.utils import translation

from signoff.audit.events import Event
from signoff.desk import fact_words, words


def test_every_event_has_words() -> None:
    assert [event for event in Event if event.value not in words.WORDS["event"]] == []


def test_facts_are_told_with_amounts_times_and_codes_in_words() -> None:
    facts = {"refund": 7, "amount": 1000, "currency": "CNY", "from": "a", "to": "b"}
    assert fact_words.told(facts) == "refund 7 · CN¥10.00"
    assert fact_words.told({"seconds": 86400, "scope": "line"}) == "24 hours · One line"
    assert fact_words.told({"asked": "plan activated", "right": 2}) == (
        "asked plan and first month · right answers 2"
    )
    assert fact_words.told({"what": "passport", "words_commitment": "ab" * 32}) == (
        "Passport, the page with the photo · fingerprint abababababab…"
    )
    assert fact_words.told({"step": "last_text:4", "system": "smsc", "attempt": 2}) == (
        "step Last SMS to the line · system SMS centre · try 2"
    )
    with translation.override("zh-hans"):
        assert fact_words.told({"kind": "passport", "pages": 1}) == "护照（照片页） · 页数 1"


def test_what_nobody_has_named_is_shown_as_it_is_and_not_for_ever() -> None:
    assert fact_words.told({"colour": "mauve"}) == "colour mauve"
    assert fact_words.told({"rules": "f" * 64}) == "rules ffffffffffff…"

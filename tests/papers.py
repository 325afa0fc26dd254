"""Photos of papers, put where customers would have sent them: for tests of what comes after."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from signoff.closing.models import Case
from signoff.evidence import sandbox
from signoff.evidence.models import Evidence
from signoff.evidence.rules import media_type_of
from signoff.evidence.sandbox import Cleaned, Picture
from tests import hostile_files as files
from tests.world import NOON, Customer

FRONT, BACK = "id_card_front", "id_card_back"
PLAIN = files.saved(files.picture(), "JPEG")
CONTACT = {"name": "Li Wei", "email": "li@example.org", "phone": ""}


def with_papers(
    case: Case, kinds: Sequence[str] = (FRONT, BACK), *, at: datetime = NOON
) -> list[Evidence]:
    """The rows as they are when the customer has added photos; nobody can open what is in them."""
    return [
        Evidence.objects.create(
            case=case,
            kind=kind,
            number=1,
            state="ready",
            media_type="image/jpeg",
            width=320,
            height=240,
            size=3,
            sha256="0" * 64,
            content=b"...",
            added_at=at,
        )
        for kind in kinds
    ]


def cleaned_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decoding program has tests of its own; here its answer is enough. Tries count anew."""
    cache.clear()

    def clean(content: bytes) -> Cleaned:
        return Cleaned(media_type_of(content), (Picture(PLAIN, 320, 240),), 0)

    monkeypatch.setattr(sandbox, "clean", clean)
    monkeypatch.setattr(sandbox, "marked", lambda content, _text: content)


def drafted(who: Customer, client: Client) -> Case:
    """Reason and contact are answered."""
    client.post(f"/close/{who.lines[0].reference}/preview/")
    case = Case.objects.get(account=who.account)
    client.post(f"/close/case/{case.number}/reason/", {"reason": "price"})
    client.post(f"/close/case/{case.number}/contact/", CONTACT)
    return case


def photo(content: bytes = PLAIN, name: str = "IMG_0001.jpg") -> dict[str, SimpleUploadedFile]:
    """As a browser sends it."""
    return {"picture": SimpleUploadedFile(name, content, "image/jpeg")}


def page_of(case: Case, kind: str = FRONT) -> str:
    return f"/cases/{case.number}/photos/{kind}/"

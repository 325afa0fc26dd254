"""`docs/settings.md` says what the program knows: it is made from the same descriptions."""

from pathlib import Path

from signoff.cli.settings import known, page
from signoff.config import Config

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_is_what_the_program_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_setting_is_explained_in_a_sentence() -> None:
    listed = list(known())
    assert len(listed) == len(Config.model_fields)
    assert [s.name for s in listed if not s.meaning.endswith((".", ")"))] == []


def test_no_secret_has_a_default_on_the_page() -> None:
    secrets = ("KEY", "PASSWORD", "TOKEN")
    shown = [s for s in known() if s.name.endswith(secrets) and s.default]
    assert shown == []

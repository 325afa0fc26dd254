"""`docs/law.md` shows the packs as they are: its tables are made from them."""

from pathlib import Path

from signoff.cli.law_page import tables
from signoff.policies.load import policies

PAGE = Path(__file__).parents[2] / "docs" / "law.md"


def test_the_tables_are_what_the_packs_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.endswith("\n\n" + tables(policies())), "run `make docs`"


def test_every_pack_and_every_law_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for code in policies().packs:
        policy = policies().of_pack(code)[0]
        assert f"| {code} |" in text
        for rule in (*policy.keep.values(), *policy.duties):
            assert rule.law in text

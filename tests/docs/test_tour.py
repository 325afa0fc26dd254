"""The documents lead to the lines that they name."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Link
from tests.docs.tour import NameGone, line_of, links_to_lines

TOUR = ROOT / "docs" / "tour.md"
LINKS = list(links_to_lines())


def test_the_tour_has_links_to_lines() -> None:
    assert len([link for link, _, _ in LINKS if link.page == TOUR]) > 25


@pytest.mark.parametrize(("link", "file", "line"), LINKS, ids=[str(link) for link, _, _ in LINKS])
def test_a_link_leads_to_the_line_that_it_names(link: Link, file: Path, line: int) -> None:
    assert file.is_file(), "the file is gone"
    last_part = link.text.rpartition(".")[2]
    lines = file.read_text(encoding="utf-8").splitlines()
    assert line <= len(lines) and last_part in lines[line - 1], (
        f"{link} is off: python -m tests.docs.tour --update"
    )
    assert line == line_of(file, link.text), f"{link} is off: python -m tests.docs.tour --update"


def test_a_name_that_is_gone_is_not_passed_over() -> None:
    with pytest.raises(NameGone):
        line_of(Path(__file__), "no_such_function")

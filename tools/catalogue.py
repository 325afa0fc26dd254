"""The words for translators: collected from code and templates, kept in src/signoff/locale/.

`python tools/catalogue.py` collects and compiles; it says what still needs a translator. It works
with Babel alone, so nobody needs the gettext programs. Both files are written the same way each
time, with neither dates nor line numbers, so that a change of one word is a change of one word.
"""

import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "signoff"
CHINESE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

_ONE, _CONTEXT, _MANY = None, ((1, "c"), 2), (1, 2)
KEYWORDS = {
    "_": _ONE,
    "gettext": _ONE,
    "gettext_lazy": _ONE,
    "gettext_noop": _ONE,
    "pgettext": _CONTEXT,
    "pgettext_lazy": _CONTEXT,
    "ngettext": _MANY,
    "ngettext_lazy": _MANY,
    "npgettext": ((1, "c"), 2, 3),
}
_COMMENT = "Translators"


class Kept(Catalog):
    """A catalogue whose header says only what does not change."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Signoff"),
            ("Language", str(self.locale_identifier or "")),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def collected() -> Kept:
    """Every text marked in code and templates, under the files that say it."""
    found = Kept(fuzzy=False)
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        for _, text, comments, context in _texts(path):
            found.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def _sources() -> list[Path]:
    code = PACKAGE.rglob("*.py")
    pages = (path for path in PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".txt"})
    found = [path for path in [*code, *pages] if "migrations" not in path.parts]
    return sorted(found, key=Path.as_posix)  # as the catalogue sorts its files: by their text


def _texts(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        # What templatize makes of HTML is indented at random; Python's tokenizer minds.
        source = "\n".join(line.strip() for line in templatize(source, str(path)).splitlines())
    yield from extract("python", BytesIO(source.encode()), KEYWORDS, [_COMMENT])


def kept(path: Path = CHINESE) -> Kept:
    """The catalogue as it is in the file; raises FileNotFoundError."""
    with path.open("rb") as file:
        return _copy(read_po(file, locale=path.parent.parent.name))


def _copy(catalogue: Catalog) -> Kept:
    copy = Kept(locale=catalogue.locale_identifier, fuzzy=False)
    for message in _entries(catalogue):
        copy[message.id] = message
    return copy


def updated(catalogue: Kept, found: Kept) -> Kept:
    """`catalogue` with the texts of `found`; what is like an old text takes its words, fuzzily."""
    catalogue.update(found, update_creation_date=False)
    return catalogue


def as_po(catalogue: Kept) -> bytes:
    """In the order of the files, so that a translator reads page by page."""
    file = BytesIO()
    catalogue.header_comment = "# What Signoff says, in Chinese. See docs/glossary.md."
    write_po(
        file, catalogue, width=0, ignore_obsolete=True, include_lineno=False, sort_by_file=True
    )
    return file.getvalue()


def as_mo(catalogue: Kept) -> bytes:
    """What Django reads; without what is fuzzy."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def waiting(catalogue: Catalog) -> list[Message]:
    """What a translator still has to do or look at."""
    return [
        one for one in _entries(catalogue) if one.fuzzy or not one.string or not all(one.string)
    ]


def _entries(catalogue: Iterable[Message]) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def main() -> None:
    CHINESE.parent.mkdir(parents=True, exist_ok=True)
    old = kept() if CHINESE.exists() else Kept(locale="zh_Hans", fuzzy=False)
    new = updated(old, collected())
    CHINESE.write_bytes(as_po(new))
    CHINESE.with_suffix(".mo").write_bytes(as_mo(new))
    left = waiting(new)
    sys.stdout.write(f"{len(new)} texts, {len(left)} for a translator\n")
    for message in left:
        sys.stdout.write(f"  {message.id!r}\n")


if __name__ == "__main__":
    main()

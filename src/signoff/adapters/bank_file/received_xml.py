"""XML that somebody uploaded, as a tree: no document type, no entities, bounded in every way."""

from typing import Any
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from signoff.adapters.bank_file.batches import check_size
from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _

_MOST_ELEMENTS = 250_000
"""Fifty for each transfer of the largest batch; they take four seconds to read."""
_MOST_DEPTH = 40


def unreadable() -> InvalidValue:
    """It is not what it should be, for whatever reason."""
    return InvalidValue(
        "status_unreadable",
        _("The file is no status report of a bank (pain.002), or is damaged: download it again."),
        field="status_file",
    )


class _Bounded(ET.TreeBuilder):
    """Refuses a tree that is far larger or deeper than any bank's."""

    def __init__(self) -> None:
        super().__init__()
        self._elements = 0
        self._depth = 0

    def start(self, tag: str, attrs: dict[Any, Any], /) -> ET.Element:
        self._elements += 1
        self._depth += 1
        if self._elements > _MOST_ELEMENTS or self._depth > _MOST_DEPTH:
            raise unreadable()
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self._depth -= 1
        return super().end(tag)


def tree(content: bytes) -> ET.Element:
    """The root. Raises InvalidValue; nothing outside the file is ever opened."""
    check_size(content)
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(content)
        root: ET.Element = parser.close()
    except DefusedXmlException:
        raise InvalidValue(
            "status_hostile",
            _("The file has a document type or entities, which no bank sends: it was not read."),
            field="status_file",
        ) from None
    except (ParseError, ValueError, LookupError):
        raise unreadable() from None
    return root

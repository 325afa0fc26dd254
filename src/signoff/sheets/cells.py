"""How a cell is read, for pydantic models of rows. Each reader refuses in words, by `InvalidValue`."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from pydantic import PlainValidator

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _


class CellError(ValueError):
    """Carries an InvalidValue through pydantic, which passes on only ValueErrors."""

    def __init__(self, refusal: InvalidValue) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))


def cell(parse: Callable[[str], Any]) -> PlainValidator:
    """A cell that `parse` reads, which raises InvalidValue if it cannot."""

    def parsed(value: Any) -> Any:
        try:
            return parse(value)
        except InvalidValue as refusal:
            raise CellError(refusal) from None

    return PlainValidator(parsed)


def cell_or(default: Any, parse: Callable[[str], Any]) -> PlainValidator:
    """The same; an empty cell is `default`."""
    return cell(lambda value: parse(value) if value else default)


def filled(value: str) -> str:
    """Raises InvalidValue if the cell is empty."""
    if not value:
        raise InvalidValue("blank", _("The cell is empty."))
    return value


def _text(most: int) -> Callable[[str], str]:
    def parse(value: str) -> str:
        composed = unicodedata.normalize("NFC", filled(value))
        if len(composed) > most:
            raise InvalidValue(
                "too_long",
                _("The text has %(length)s characters; at most %(most)s fit."),
                length=len(composed),
                most=most,
            )
        return composed

    return parse


def matching(code: str, expression: str, template: str) -> Callable[[str], str]:
    """Reads text that the regular expression fits as a whole; `template` may show `%(value)s`."""
    compiled = re.compile(expression)

    def parse(value: str) -> str:
        if not compiled.fullmatch(filled(value)):
            raise InvalidValue(code, template, value=value)
        return value

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """Reads one of `words`, written exactly so."""

    def parse(value: str) -> str:
        if value not in words:
            raise InvalidValue(
                "unknown_word",
                _("“%(value)s” is none of %(words)s."),
                value=value,
                words=", ".join(words),
            )
        return value

    return parse


def word(*words: str) -> PlainValidator:
    """One of `words`, written exactly so."""
    return cell(one_of(*words))


def word_or(default: str, *words: str) -> PlainValidator:
    """One of `words`, written exactly so; an empty cell is `default`."""
    return cell_or(default, one_of(*words))


def text(most: int) -> PlainValidator:
    """Some text of at most `most` characters, in Unicode's composed form."""
    return cell(_text(most))


def pattern(code: str, expression: str, template: str) -> PlainValidator:
    """Text that the regular expression fits (`matching`)."""
    return cell(matching(code, expression, template))


def optional_pattern(code: str, expression: str, template: str) -> PlainValidator:
    """The same, or an empty cell, which stays an empty text."""
    return cell_or("", matching(code, expression, template))


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", filled(value)) or not least <= int(value) <= most:
            raise InvalidValue(
                "whole_number",
                _("“%(value)s” is not a whole number from %(least)s to %(most)s."),
                value=value,
                least=least,
                most=most,
            )
        return int(value)

    return parse


def whole(least: int, most: int) -> PlainValidator:
    """A whole number from `least` to `most`."""
    return cell(_whole(least, most))

"""In which language a command speaks: that of the shell, if we have it.

The words of a carrier's data and of a customer's certificate are said so. What only an operator
reads (help, settings, keys, `check`) is English: it is compared with these pages and asked about.
"""

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from signoff.kernel.errors import Refusal
from signoff.sheets.problems import Problem

_CATALOGUES = Path(__file__).parent.parent / "locale"


def shell_language(environment: Mapping[str, str] = os.environ) -> str:
    """`LANG=zh_CN.UTF-8` → zh-hans; LC_ALL and LC_MESSAGES go before LANG (POSIX, section 8.2)."""
    values = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    first = next(filter(None, values), "")
    return "zh-hans" if first.lower().startswith("zh") else "en"


@contextmanager
def speaking() -> Iterator[None]:
    """In the language of the shell, also for what Django says. Needs Django set up."""
    from django.utils.translation import override  # noqa: PLC0415 - `verify` runs without Django

    with override(shell_language()):
        yield


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Read without Django, so that a command without settings can speak too."""
    names = {"zh-hans": "zh_Hans"}
    return gettext.translation("django", _CATALOGUES, [names.get(language, "en")], fallback=True)


def said(template: str, **params: object) -> str:
    """In the language of the shell."""
    words = translated(template, shell_language())
    return words % params if params else words


def translated(text: str, language: str) -> str:
    """`text` in a language of the product, `en` or `zh-hans`."""
    return _catalogue(language).gettext(text)


def in_words(what: Problem | Refusal) -> str:
    """What is wrong, in the language of the shell."""
    return said(what.template, **what.params)

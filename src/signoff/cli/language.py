"""In which language a command speaks: that of the shell, if we have it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import get_supported_language_variant, gettext, override

from signoff.kernel.errors import Refusal
from signoff.sheets.problems import Problem


def shell_language(environment: Mapping[str, str] = os.environ) -> str:
    """`LANG=zh_CN.UTF-8` → zh-hans; LC_ALL and LC_MESSAGES go before LANG (POSIX, section 8.2)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            code = value.partition(".")[0].partition("@")[0].replace("_", "-").lower()
            try:
                return get_supported_language_variant(code)
            except LookupError:
                break
    return settings.LANGUAGE_CODE


@contextmanager
def speaking() -> Iterator[None]:
    """In the language of the shell."""
    with override(shell_language()):
        yield


def said(template: str, **params: object) -> str:
    """In the language of the moment."""
    return gettext(template) % params if params else gettext(template)


def in_words(what: Problem | Refusal) -> str:
    """What is wrong, in the language of the moment."""
    return said(what.template, **what.params)

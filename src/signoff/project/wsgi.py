"""What the web server runs."""

import codecs
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "signoff.project.settings")

_django = get_wsgi_application()
_CHARSETS = {"utf-8", "ascii", "iso8859-1"}
"""Python knows many more, and some of them (rot13, idna) cannot read what anybody may send."""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, which would crash on some content types before any page of ours could answer."""
    if not is_readable(environ.get("CONTENT_TYPE", "")):
        environ["CONTENT_TYPE"] = ""
    return _django(environ, start_response)


def is_readable(content_type: str) -> bool:
    """Whether a body so called can be read. One that cannot is taken for no form at all."""
    try:
        _kind, params = parse_header_parameters(content_type)
        return codecs.lookup(params.get("charset", "utf-8")).name in _CHARSETS
    except LookupError:
        return True  # Django takes UTF-8 instead of one that there is not
    except ValueError:
        return False

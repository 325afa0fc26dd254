"""Limits on tries: what a crowd of others does, and what the server itself makes of a request."""

import io
from collections.abc import Callable
from contextlib import closing

import pytest
from allauth.core.internal.ratelimit import consume
from django.core.cache import cache
from django.http import HttpRequest
from django.test import RequestFactory

from signoff.closing.look_up import ACTION, LIMITS
from signoff.project.wsgi import application, is_readable


def _tries(number: str, address: str) -> bool:
    request: HttpRequest = RequestFactory().post("/status/", REMOTE_ADDR=address)
    return bool(consume(request, app="signoff", action=ACTION, config=LIMITS, key=number))


def test_a_crowd_that_asks_for_other_cases_does_not_make_the_tries_of_one_forgotten() -> None:
    cache.clear()
    assert [_tries("SO-1", f"10.1.0.{n}") for n in range(11)] == [True] * 10 + [False]
    assert all(_tries(f"SO-X{n}", f"10.2.{n // 200}.{n % 200}") for n in range(600))
    assert not _tries("SO-1", "10.3.0.1")
    cache.clear()


@pytest.mark.parametrize(
    ("content_type", "readable"),
    [
        ("", True),
        ("application/x-www-form-urlencoded", True),
        ("application/json; charset=UTF-8", True),
        ("text/plain; charset=iso-8859-1", True),
        ("text/plain; charset=nothing", True),
        ("application/x-www-form-urlencoded; charset=rot13", False),
        ("application/x-www-form-urlencoded; charset=idna", False),
        ("text/plain; charset=undefined", False),
        ("text/plain; charset*=nothing''x", False),
        ("text/plain; charset=a\x00b", False),
        ("text/plain; charset=\xff", True),
    ],
)
def test_a_content_type_that_django_would_crash_on_is_dropped(
    content_type: str, readable: bool
) -> None:
    assert is_readable(content_type) is readable


# Django closes its connection when the server's request begins: in the transaction of an ordinary
# test it would be closed half-way, and keep the database locked until its cursors are collected.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("content_type", ["text/plain; charset*=nothing''x", "a/b; charset=rot13"])
def test_the_server_answers_it_as_a_form_without_fields(content_type: str) -> None:
    body = b"number=a&code=b"
    environ = (
        RequestFactory().generic("POST", "/language/", body, content_type="text/plain").environ
    )
    environ |= {"CONTENT_TYPE": content_type, "wsgi.input": io.BytesIO(body)}
    said: list[str] = []
    start: Callable[..., None] = lambda status, _headers, *_more: said.append(status)  # noqa: E731 - one line of WSGI
    with closing(application(environ, start)) as answer:  # type: ignore[type-var]  # PEP 3333
        b"".join(answer)
    assert said == ["403 Forbidden"]  # the form has no token against forgery

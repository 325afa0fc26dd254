"""What went wrong, as problem details for programs (RFC 9457), in words for who reads them.

`type` is a URN of ours, `detail` a sentence in the reader's language, and `errors` names each field
that does not fit by its path, like `header.functionCallIdentifier`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from signoff.kernel.errors import Conflict, Refusal
from signoff.presentation.wording import said

_log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, code: str, detail: str, *, errors: Sequence[Mapping[str, str]] = ()
) -> HttpResponse:
    """`code` is stable and meant for programs; errors: `field` and `message` each."""
    content: dict[str, object] = {
        "type": f"urn:signoff:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = list(errors)
    return HttpResponse(
        json.dumps(content, ensure_ascii=False), status=status, content_type=MEDIA_TYPE
    )


def bad_json(error: json.JSONDecodeError) -> HttpResponse:
    """The body is no JSON: where it stops being it."""
    detail = _("The body is not JSON: look at line %(line)d, column %(column)d.")
    return problem(400, "bad_json", detail % {"line": error.lineno, "column": error.colno})


def unfit(faults: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """The body is JSON, but not what is needed: every field that does not fit, at once."""
    errors = [{"field": path_of(fault["loc"]), "message": message_of(fault)} for fault in faults]
    fields = ", ".join(error["field"] or "body" for error in errors)
    detail = _("These fields do not fit: %(fields)s.") % {"fields": fields}
    return problem(422, "unfit_body", detail, errors=errors)


def path_of(location: Sequence[str | int]) -> str:
    """("header", "callId") → header.callId"""
    return ".".join(str(part) for part in location)


def message_of(fault: Mapping[str, Any]) -> str:
    """What is wrong with a field, and what would be right. Words of pydantic only as the last."""
    sentences = {
        "missing": _("This is missing."),
        "string_type": _("This must be a text."),
        "string_unicode": _("This must be a text."),
        "string_too_short": _("This is too short: at least %(min_length)d characters."),
        "string_too_long": _("This is too long: at most %(max_length)d characters."),
        "string_pattern_mismatch": _("This is not of the right form."),
        "int_type": _("This must be a whole number."),
        "int_parsing": _("This must be a whole number."),
        "int_from_float": _("This must be a whole number."),
        "greater_than_equal": _("This must be at least %(ge)d."),
        "less_than_equal": _("This must be at most %(le)d."),
        "enum": _("This must be one of: %(expected)s."),
        "model_type": _("This must be an object."),
        "model_attributes_type": _("This must be an object."),
        "timezone_aware": _("This needs its time zone, like 2026-11-22T12:00:00Z."),
        "datetime_parsing": _("This must be a moment like 2026-11-22T12:00:00Z."),
        "datetime_from_date_parsing": _("This must be a moment like 2026-11-22T12:00:00Z."),
        "datetime_type": _("This must be a moment like 2026-11-22T12:00:00Z."),
    }
    context = dict(fault.get("ctx") or {})
    if fault["type"] == "value_error":
        return str(context.get("error", fault["msg"]))
    sentence = sentences.get(str(fault["type"]))
    return sentence % context if sentence else str(fault["msg"])


def install(api: NinjaAPI) -> None:
    """Gives `api` our words for everything that can go wrong in it."""
    api.add_exception_handler(ValidationError, _unfit)
    api.add_exception_handler(AuthenticationError, _not_signed_in)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(RequestDataTooBig, _too_big)
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(Conflict, _conflict)
    api.add_exception_handler(Exception, _broken)


def _unfit(_request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """ninja names body and argument before the field."""
    assert isinstance(error, ValidationError)  # noqa: S101 - ninja's type is too wide
    return unfit({**fault, "loc": fault["loc"][2:]} for fault in error.errors)


def _not_signed_in(_request: HttpRequest, _error: object) -> HttpResponse:
    return problem(401, "not_signed_in", _("Sign in first."))


def _http_error(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    assert isinstance(error, HttpError)  # noqa: S101 - ninja's type is too wide
    if isinstance(error.__cause__, json.JSONDecodeError):
        return bad_json(error.__cause__)
    if error.status_code == 400:
        return problem(400, "bad_json", _("The body is not JSON."))
    if error.status_code == 403:
        return problem(
            403, "csrf", _("Send the CSRF token of your session in the header X-CSRFToken.")
        )
    return problem(error.status_code, "http_error", str(error))


def not_found(_request: HttpRequest) -> HttpResponse:
    """For an address that does not exist, and for what is somebody else's."""
    return problem(404, "not_found", _("There is nothing here, or it is not yours."))


def _not_found(request: HttpRequest, _error: object) -> HttpResponse:
    return not_found(request)


def too_big() -> HttpResponse:
    """For a body above settings.DATA_UPLOAD_MAX_MEMORY_SIZE."""
    return problem(413, "too_big", _("The body is too big: nothing that we ask for is so long."))


def _too_big(_request: HttpRequest, _error: object) -> HttpResponse:
    return too_big()


def _refused(_request: HttpRequest, error: Refusal | type[Refusal]) -> HttpResponse:
    assert isinstance(error, Refusal)  # noqa: S101 - ninja's type is too wide
    return problem(409, error.code, said(error))


def _conflict(_request: HttpRequest, _error: object) -> HttpResponse:
    return problem(409, "conflict", _("Somebody was first. Read it again; nothing was done twice."))


def _broken(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Never a stack trace to the caller; it is in the log, without the body."""
    _log.error("api_broken", path=request.path, exc_info=error)
    return problem(500, "broken", _("Something of ours is broken. Nothing was changed. Try later."))

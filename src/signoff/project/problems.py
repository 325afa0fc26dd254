"""Pages for what went wrong, where Django's own would not know our look."""

from collections.abc import Callable

import structlog
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from signoff.evidence.sealing import EvidenceKeyError, SealBroken
from signoff.kernel.errors import Conflict, Refusal
from signoff.presentation.wording import said

_log = structlog.get_logger()


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """Django's own page for 400 gets no context, so no style sheet and no name."""
    return render(request, "400.html", status=400)


class ProblemPagesMiddleware:
    """What a page did not catch itself: somebody was first, or it cannot be. In words, as 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            # PostgreSQL has no such character in a text: a look-up would end in a crash.
            raise BadRequest("NUL in the path")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django for an exception of a view; None leaves it to others."""
        match exception:
            case Conflict():
                _log.info("conflict", path=request.path)
                return render(request, "409.html", status=409)
            case Refusal():
                _log.info("refused", code=exception.code, path=request.path)
                return render(request, "refused.html", {"words": said(exception)}, status=409)
            case EvidenceKeyError() | SealBroken():
                # The text names files and keys: it is for the operator, and not for the page.
                _log.error("evidence", error=str(exception), path=request.path)
                return render(request, "broken_evidence.html", status=503)
        return None

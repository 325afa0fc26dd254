"""Pages for what went wrong, where Django's own would not know our look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """Django's own page for 400 gets no context, so no style sheet and no name."""
    return render(request, "400.html", status=400)

"""Signing out: whoever sits at this browser next finds nothing of who sat there before."""

from allauth.account.views import logout
from django.http import HttpRequest, HttpResponse

from signoff.portal.access import forget_cases


def sign_out(request: HttpRequest) -> HttpResponse:
    """By POST. The cases that this browser knows are forgotten with the sign-in.

    Else the next person at a shared computer could read them, and once the account is closed say
    where its money goes. Who signed out finds them by number and code.
    """
    response: HttpResponse = logout(request)
    return forget_cases(response) if request.method == "POST" else response

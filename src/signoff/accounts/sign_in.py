"""How people sign in: what allauth asks us for."""

from collections.abc import Iterator

import phonenumbers
import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from signoff.accounts.models import Account, Line
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop

_log = structlog.get_logger()

_WRONG = _(
    "The name or the password is not right. Check both; capital and small letters are different"
    " in a password."
)


def _numbers_meant(typed: str) -> Iterator[str]:
    """E.164 forms that `typed` can stand for: as it is, or a national number of any country."""
    regions = [None] if typed.startswith("+") else sorted(phonenumbers.SUPPORTED_REGIONS)
    for region in regions:
        try:
            number = phonenumbers.parse(typed, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _user_name_of_number(typed: str) -> str | None:
    """Who has the line with this number; None if nobody has it, or more than one account could."""
    if sum(sign.isdigit() for sign in typed) < 6 or any(sign.isalpha() for sign in typed):
        return None
    found = set(
        Line.objects.filter(
            msisdn__in=set(_numbers_meant(typed)), account__user__isnull=False
        ).values_list("account__user__username", flat=True)[:2]
    )
    return str(found.pop()) if len(found) == 1 else None


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """A user name, an e-mail address or the number of one's own line; and the password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name, e-mail address or phone number")
        self.fields["login"].widget.attrs = {"autocomplete": "username", "spellcheck": "false"}
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        """A number stands for the user name of its account; all else stays as it was typed."""
        typed = str(super().clean_login())
        return _user_name_of_number(typed) or typed


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come from the carrier's own books: nobody opens one here."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One sentence for all, so that nobody learns whether a name is known.
        "email_password_mismatch": _WRONG,
        "username_password_mismatch": _WRONG,
        "phone_password_mismatch": _WRONG,
        "too_many_login_attempts": _(
            "There were too many tries. Wait five minutes, or reset your password."
        ),
        "incorrect_password": _("This password is not right. Try again."),
        "incorrect_code": _("This code is not right. Type the newest one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth gives it
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """At once: who forgot a password waits for the letter. Raises Refusal if it cannot go.

        A letter goes to an address that nobody here has, too, so a refusal tells nothing of it.
        What the mail server says may repeat the address, and is not for the log.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            _log.error("letter_not_sent", letter=template_prefix, why=type(error).__name__)
            raise Refusal(
                "letter_not_sent",
                gettext_noop(
                    "We could not send a letter to this address. Check it, or try again in a few"
                    " minutes."
                ),
            ) from None

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: object
    ) -> HttpResponse | None:
        """Sends the customer of a closed account to a page that says so.

        Only after the password was right: a stranger learns nothing.
        """
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        closed = Account.objects.filter(user=user.pk, closed_at__isnull=False).exists()
        if response is None and closed:
            response = self.respond_user_inactive(request, user)
        return response

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: object
    ) -> HttpResponse:
        """Goes on in the language of the account, unless this browser has chosen one."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        name = settings.LANGUAGE_COOKIE_NAME
        known = dict(settings.LANGUAGES)
        language = Account.objects.filter(user=user.pk).values_list("language", flat=True).first()
        if name not in request.COOKIES and language in known:
            response.set_cookie(
                name,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite="Lax",
            )
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to their desk, customers to their lines."""
        if getattr(request.user, "is_staff", False):
            return str(settings.STAFF_HOME)
        return str(super().get_login_redirect_url(request))

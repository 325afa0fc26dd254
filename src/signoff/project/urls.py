"""Which address leads where."""

from django.urls import URLPattern, URLResolver, include, path, re_path, reverse_lazy
from django.views.generic import RedirectView
from django.views.i18n import set_language

from signoff.portal.views.sign_out import sign_out
from signoff.project import branding

_ACCOUNT_PAGE = RedirectView.as_view(url=reverse_lazy("portal:account"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("brand.css", branding.css, name="brand_css"),
    path("brand-icon.svg", branding.icon, name="brand_icon"),
    path("favicon.ico", branding.icon),
    path("brand-logo", branding.logo, name="brand_logo"),
    path("robots.txt", branding.robots, name="robots"),
    path("language/", set_language, name="set_language"),
    # The address that letters go to is the carrier's to change and to confirm, not allauth's.
    path("sign-in/email/", _ACCOUNT_PAGE),
    re_path(r"^sign-in/confirm-email/", _ACCOUNT_PAGE),
    path("sign-in/logout/", sign_out),
    path("sign-in/", include("allauth.urls")),
    path("desk/", include("signoff.desk.urls")),
    path("", include("signoff.api.urls")),
    path("", include("signoff.portal.urls")),
]

handler400 = "signoff.project.problems.bad_request"

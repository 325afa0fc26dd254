"""Addresses for programs."""

from django.urls import path, re_path

from signoff.api import health, problems
from signoff.api.notifications import handle_download_progress_info
from signoff.api.payment_events import receive_payment_event
from signoff.api.v1 import api
from signoff.ports import payment_events, profile_notifications

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path(
        profile_notifications.PATH.lstrip("/"),
        handle_download_progress_info,
        name="profile_notification",
    ),
    path(payment_events.PATH.lstrip("/"), receive_payment_event, name="payment_event"),
    path("api/v1/", api.urls),
    re_path(r"^api/", problems.not_found),
]

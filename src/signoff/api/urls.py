"""Addresses for programs."""

from django.urls import path, re_path

from signoff.api import health, problems
from signoff.api.notifications import handle_download_progress_info
from signoff.api.v1 import api
from signoff.ports.profile_notifications import PATH

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path(PATH.lstrip("/"), handle_download_progress_info, name="profile_notification"),
    path("api/v1/", api.urls),
    re_path(r"^api/", problems.not_found),
]

"""What an SM-DP+ tells us of a profile: ES2+.HandleDownloadProgressInfo.

GSMA SGP.22 v2.5 section 5.3.5. It knows the notification points 1 to 4 (certain), none of them a
removal. That 5 is a deletion and 101 and 102 are enabling and disabling is what Chinese carriers
publish for the same call (found in one public interface document; not of the standard); another
SM-DP+ may number differently. A point that we do not know changes nothing.
"""

import json

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from signoff.accounts.models import ProfileState
from signoff.accounts.operations import observe_profile
from signoff.api import problems
from signoff.api.callers import may_notify
from signoff.kernel.clock import now
from signoff.kernel.identifiers import Iccid
from signoff.ports.profile_notifications import DownloadProgress, NotificationPoint

_log = structlog.get_logger()

_OBSERVED = {
    NotificationPoint.DOWNLOADED: ProfileState.DOWNLOADED,
    NotificationPoint.INSTALLED: ProfileState.INSTALLED,
    NotificationPoint.ENABLED: ProfileState.ENABLED,
    NotificationPoint.DISABLED: ProfileState.DISABLED,
    NotificationPoint.DELETED: ProfileState.DELETED,
}


@csrf_exempt
@require_POST
def handle_download_progress_info(request: HttpRequest) -> HttpResponse:
    """204 for every call that is well formed, for a profile that is not ours too: whoever calls
    learns nothing of whom we serve, and does not call again."""
    if not may_notify(request, settings.SIGNOFF):
        _log.warning("profile_notification_refused")
        detail = _("Only an SM-DP+ with a client certificate that is known here may call this.")
        return problems.problem(403, "unknown_caller", detail)
    try:
        told = DownloadProgress.model_validate(json.loads(request.body))
    except json.JSONDecodeError as error:
        return problems.bad_json(error)
    except RequestDataTooBig:
        return problems.too_big()
    except (UnicodeDecodeError, RecursionError):
        return problems.problem(400, "bad_json", _("The body is not JSON."))
    except ValidationError as error:
        return problems.unfit(error.errors(include_url=False, include_input=False))
    _follow(told)
    return HttpResponse(status=204, headers={"X-Admin-Protocol": "gsma/rsp/v2.5.0"})


def _follow(told: DownloadProgress) -> None:
    """Writes down what has been reached. The log names the call, never the profile."""
    log = _log.bind(
        call=told.header.function_call_identifier,
        point=told.notification_point_id,
        status=told.notification_point_status.status.value,
    )
    state = _OBSERVED.get(told.point) if told.point else None
    if state is None or not told.succeeded:
        log.info("profile_notification_kept_out")
        return
    known = observe_profile(iccid=Iccid(told.iccid), state=state, seen_at=told.timestamp, now=now())
    log.info("profile_notification", known=known)

"""What the payment service tells us of payments and refunds.

Whoever can sign may call; there is no sign-in and no cookie, so no CSRF token either. Anything but
2xx makes the payment service send the event again, for days: that is wanted for a conflict and for
a wrong secret, and does no harm for the rest.
"""

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from signoff.api import problems
from signoff.closing.money_events import take_event
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.ports.payment_events import Forged, PaymentEvent, PaymentEventKind, reader
from signoff.presentation.wording import said

_log = structlog.get_logger()


@csrf_exempt
@require_POST
def receive_payment_event(request: HttpRequest) -> HttpResponse:
    """200 for every event that is proven, also one that changes nothing: what is ours and what
    was seen before is not told. 403 forged, 400 not understood, 409 somebody was first."""
    try:
        event = reader().read(request.body, request.headers.get("Stripe-Signature", ""))
    except RequestDataTooBig:
        return problems.too_big()
    except Forged as forged:
        _log.warning("payment_event_refused", reason=str(forged))
        detail = _("The signature does not prove that the payment service sent this.")
        return problems.problem(403, "forged_event", detail)
    except InvalidValue as unfit:
        _log.error("payment_event_not_understood", where=unfit.field)
        return problems.problem(400, unfit.code, said(unfit))
    try:
        changed = event.kind is not PaymentEventKind.OTHER and _note(event)
    except Conflict:
        return problems.problem(409, "conflict", _("Somebody was first. Send it again."))
    except Refusal as refused:
        _log.error("payment_event_not_taken", payment_event=event.id, code=refused.code)
        return problems.problem(409, refused.code, said(refused))
    _log.info("payment_event", payment_event=event.id, kind=event.kind.value, changed=changed)
    return HttpResponse(status=200)


def _note(event: PaymentEvent) -> bool:
    return take_event(event=event, now=now())

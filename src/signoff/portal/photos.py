"""What the pages of photos have in common: which case, which kinds, how many tries, and adding."""

from allauth.core.internal.ratelimit import consume
from allauth.core.ratelimit import respond_429
from django.http import Http404, HttpRequest, HttpResponse

from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.evidence import operations
from signoff.evidence.models import Evidence as Picture
from signoff.evidence.queries import takes_pictures
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.policies.values import Evidence
from signoff.portal.paper_forms import PhotoForm
from signoff.portal.papers_shown import KindShown, asked_kinds, kinds_shown
from signoff.review.customers import unanswered

ACTION = "photo"
LIMITS = {ACTION: "40/10m/ip,40/h/key"}
"""Each photo is drawn anew by a process of its own. For each case 40 an hour, from anywhere, and
for each address 40 in ten minutes."""


def kinds_asked(case: Case) -> tuple[str, ...]:
    """Kinds of pictures that are taken now; none when the case takes none."""
    if not takes_pictures(case):
        return ()
    question = unanswered(case) if case.state == CaseState.MORE_INFO.value else None
    return asked_kinds(case, question.what if question else ())


def shown_kind(case: Case, kind: str) -> KindShown:
    """Raises Http404 for a kind that is not asked for."""
    asked = kinds_asked(case)
    if kind not in asked:
        raise Http404
    return kinds_shown(case, (kind,))[0]


def photo_form(request: HttpRequest, kind: str) -> PhotoForm:
    """A photo of a face is taken with the camera that looks at it."""
    facing = "user" if kind == Evidence.SELFIE.value else "environment"
    if request.method == "POST":
        return PhotoForm(request.POST, request.FILES, facing=facing)
    return PhotoForm(facing=facing)


def too_often(request: HttpRequest, case: Case) -> HttpResponse | None:
    """The page that asks to wait, once there were too many tries for one case or from one place."""
    if consume(request, app="signoff", action=ACTION, config=LIMITS, key=f"photo:{case.pk}"):
        return None
    return respond_429(request)  # type: ignore[no-any-return]  # allauth has no types


def added(case: Case, kind: str, form: PhotoForm) -> Picture | None:
    """Takes what was sent; None if it is refused: then the form says why.

    Raises EvidenceKeyError.
    """
    if not form.is_valid():
        return None
    try:
        return operations.add(
            case=case,
            kind=kind,
            content=form.cleaned_data["content"],
            allowed=kinds_asked(case),
            now=now(),
        )
    except Refusal as error:
        form.refuse(error)
        return None

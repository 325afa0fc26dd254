"""Photos of papers: which one, one a page, a calm look at each, and taking it back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.evidence import operations
from signoff.evidence.erasing import delete_at_wish
from signoff.evidence.queries import takes_pictures
from signoff.kernel.clock import now
from signoff.portal.access import customer_page, own_case
from signoff.portal.paper_forms import PhotoForm
from signoff.portal.papers_shown import KindShown, kinds_shown, papers_shown, why_asked
from signoff.portal.photos import added, kinds_asked, photo_form, shown_kind, too_often
from signoff.portal.review_shown import review_shown
from signoff.portal.views.ask import after_photos


def _is_answer(case: Case) -> bool:
    """The photos belong to the answer to a question, and no longer to the form."""
    return case.state == CaseState.MORE_INFO.value


@require_safe
@customer_page
def photos(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """Which papers will do, and what is there already."""
    case = own_case(account, number)
    if not takes_pictures(case):
        return redirect("portal:case", number=case.number)
    if _is_answer(case):
        return redirect("portal:case_answer", number=case.number)
    if not kinds_asked(case):
        return redirect("portal:check_answers", number=case.number)
    context = {
        "section": "settings",
        "case": case,
        "papers": papers_shown(case),
        "onward": _onward(case),
        "why": why_asked(case),
    }
    return render(request, "portal/photos/papers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def photo(request: HttpRequest, account: Account, number: str, kind: str) -> HttpResponse:
    """One kind: the form, or the picture that is there. A new one takes the place of the old."""
    case = own_case(account, number)
    if not takes_pictures(case):
        return redirect("portal:case", number=case.number)
    shown = shown_kind(case, kind)
    form = photo_form(request, kind)
    if request.method == "POST":
        if wait := too_often(request, case):
            return wait
        if added(case, kind, form):
            return redirect("portal:photo", number=case.number, kind=kind)
    return _shown(request, case, shown, form)


def _shown(request: HttpRequest, case: Case, shown: KindShown, form: PhotoForm) -> HttpResponse:
    context = {
        "section": "home" if _is_answer(case) else "settings",
        "case": case,
        "shown": shown,
        "form": form,
        "is_answer": _is_answer(case),
        "onward": _behind(case, shown.kind),
        "why": why_asked(case),
    }
    return render(request, "portal/photos/photo.html", context)


def _behind(case: Case, kind: str) -> str:
    """Where this photo leads on: to the next one that is missing, or behind all of them."""
    if _is_answer(case):
        missing = [k for k in kinds_shown(case, kinds_asked(case)) if not k.is_there]
    else:
        missing = list(papers_shown(case).missing)
    following = next((k.kind for k in missing if k.kind != kind), "")
    return reverse("portal:photo", args=[case.number, following]) if following else _onward(case)


def _onward(case: Case) -> str:
    """Back to the answer; in the form, to the question behind the photos."""
    page = "portal:case_answer" if _is_answer(case) else after_photos(case)
    return reverse(page, args=[case.number])


@require_safe
@customer_page
def look(request: HttpRequest, account: Account, number: str, kind: str) -> HttpResponse:
    """What our machine notices about the picture: the part of the page that comes later.

    204 until then, so that nothing is read out again, and no button moves away under a finger.
    """
    case = own_case(account, number)
    shown = shown_kind(case, kind)
    if shown.is_being_looked_at:
        return HttpResponse(status=204)
    context = {"case": case, "shown": shown, "onward": _behind(case, kind)}
    return render(request, "portal/photos/advice.html", context)


@require_POST
@customer_page
def remove(_request: HttpRequest, account: Account, number: str, kind: str) -> HttpResponse:
    """Takes the picture back, with all its pages. Twice is as good as once."""
    case = own_case(account, number)
    if not takes_pictures(case):
        return redirect("portal:case", number=case.number)
    shown = shown_kind(case, kind)
    if shown.pages:
        operations.remove(case=case, evidence_id=shown.pages[0].pk, now=now())
    return redirect("portal:photo", number=case.number, kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def delete(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """Says what it means for an appeal, then deletes what there is of a case that is over."""
    case = own_case(account, number)
    shown = review_shown(case, now())
    if shown.photos_until is None:
        return redirect("portal:case", number=case.number)
    if request.method == "POST":
        delete_at_wish(case=case, now=now())
        return redirect("portal:case", number=case.number)
    context = {"section": "home", "case": case, "shown": shown}
    return render(request, "portal/photos/delete.html", context)


@require_safe
@customer_page
def picture(_request: HttpRequest, account: Account, number: str, identifier: UUID) -> HttpResponse:
    """A picture, with the mark of who looks at it. Not kept by the browser.

    Of the customer's own case only; raises Refusal for a picture of another one, as for none.
    """
    case = own_case(account, number)
    assert account.user is not None  # noqa: S101 - customer_page found the account by its user
    content = operations.show(case=case, evidence_id=identifier, viewer=account.user, now=now())
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={"Cache-Control": "no-store", "Content-Disposition": "inline"},
    )

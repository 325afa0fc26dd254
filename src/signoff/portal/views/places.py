"""Where the customer wants what cannot go back the way it came: asked in the closing, and after."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from signoff.closing import queries
from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.rules import CaseState
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.portal.access import payee_page
from signoff.portal.money_forms import TO_ACCOUNT, CardForm, IbanForm, PlaceForm
from signoff.portal.places_shown import Rest, lines_to_keep, rest_of
from signoff.portal.refunds_shown import destination_of
from signoff.settlement.models import PlaceKind
from signoff.settlement.queries import place_of
from signoff.settlement.refunds.places import choose_account, choose_line

_ACCOUNTS = {PlaceKind.IBAN: _("A bank account"), PlaceKind.CN_CARD: _("A bank card")}


@require_http_methods(["GET", "HEAD", "POST"])
@payee_page
def place(request: HttpRequest, case: Case) -> HttpResponse:
    """Another line, or a bank account; later is an answer, too."""
    rest, lines = rest_of(case), lines_to_keep(case)
    if not rest.amounts:
        return _onward(case)
    if not lines and rest.by_bank:
        return redirect("portal:case_place_account", number=case.number)
    account = _ACCOUNTS[rest.account] if rest.by_bank else None
    form = PlaceForm(request.POST or None, lines=lines, account=account)
    if request.method == "POST" and form.is_valid():
        where = form.cleaned_data["where"]
        if where == TO_ACCOUNT:
            return redirect("portal:case_place_account", number=case.number)
        closing = {line.pk for line in queries.lines_of(case)}
        chosen = next(line for line in lines if line.reference == where)
        try:
            choose_line(case=case.pk, line=chosen, closing=closing, actor=CUSTOMER, now=now())
        except Refusal as error:
            form.refuse(error)
        else:
            return _onward(case)
    context = {**_context(case, rest), "form": form, "lines": lines}
    return render(request, "portal/place/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@payee_page
def place_account(request: HttpRequest, case: Case) -> HttpResponse:
    """The bank account: what a transfer needs, and no more."""
    rest = rest_of(case)
    if not rest.amounts or not rest.by_bank:
        return redirect("portal:case_place", number=case.number)
    initial = {"holder": case.contact_name}
    form = (CardForm if rest.account is PlaceKind.CN_CARD else IbanForm)(
        request.POST or None, initial=initial
    )
    if isinstance(form, IbanForm) and "bic" in request.POST:
        form.ask_for_bic()
    if request.method == "POST" and form.is_valid():
        try:
            choose_account(
                case=case.pk, kind=rest.account, actor=CUSTOMER, now=now(), **form.cleaned_data
            )
        except InvalidValue as error:
            if isinstance(form, IbanForm) and error.code == "bic_needed":
                form.ask_for_bic()
            form.refuse(error)
        else:
            return _onward(case)
    context = {**_context(case, rest), "form": form, "has_lines": bool(lines_to_keep(case))}
    return render(request, "portal/place/account.html", context)


def _onward(case: Case) -> HttpResponse:
    """To all answers of a draft, or to the page of a case that was sent."""
    is_draft = case.state == CaseState.DRAFT.value
    return redirect("portal:check_answers" if is_draft else "portal:case", number=case.number)


def _context(case: Case, rest: Rest) -> dict[str, object]:
    is_draft = case.state == CaseState.DRAFT.value
    return {
        "section": "settings" if is_draft else "home",
        "case": case,
        "is_draft": is_draft,
        "rest": rest,
        "kind": rest.account.value,
        "chosen": destination_of(place_of(case.pk)),
    }

"""Saying that an item of a bill is wrong."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import Account
from signoff.config import policies
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.money import from_minor
from signoff.portal import way_back
from signoff.portal.access import customer_page
from signoff.portal.bills_shown import BillShown, ItemShown, bills_shown
from signoff.portal.money_forms import DisputeForm
from signoff.portal.views.bills import own_bill
from signoff.settlement.disputes.operations import open_dispute
from signoff.settlement.models import DisputeReason


def _item(account: Account, number: str, position: int) -> tuple[BillShown, ItemShown]:
    """Raises Http404 for an item that is not there, and for one that nothing was charged for."""
    bill = bills_shown(account, [own_bill(account, number)])[0]
    for shown in bill.items:
        if shown.item.position == position and shown.item.amount_minor > 0:
            return bill, shown
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def dispute(request: HttpRequest, account: Account, number: str, position: int) -> HttpResponse:
    """What is wrong, and how much of it; then once more with what follows; then it is open."""
    bill, shown = _item(account, number, position)
    way = way_back.asked(request)
    if shown.dispute is not None:
        return redirect("portal:bill", number=number)
    item = shown.item
    form = DisputeForm(request.POST or None, currency=account.currency, most=item.amount_minor)
    context = {"section": "bills", "account": account, "bill": bill.bill, "shown": shown,
               "form": form, "way": way}  # fmt: skip
    if request.method != "POST" or not form.is_valid() or "change" in request.POST:
        return render(request, "portal/dispute/ask.html", context)
    amount = form.cleaned_data["amount"]
    if "sure" not in request.POST and 0 < amount <= item.amount_minor:
        follows = _follows(bill, amount, account)
        return render(request, "portal/dispute/check.html", {**context, **follows})
    try:
        open_dispute(
            item=item,
            amount_minor=amount,
            reason=DisputeReason(form.cleaned_data["reason"]),
            text=form.cleaned_data["text"],
            now=now(),
        )
    except InvalidValue as error:
        form.refuse(error)
        return render(request, "portal/dispute/ask.html", context)
    except Refusal:
        pass  # another press was first: the bill shows what became of it
    there = reverse("portal:bill", args=[number])
    return redirect(f"{there}{way.query}#item-{position}")


def _follows(bill: BillShown, amount: int, account: Account) -> dict[str, object]:
    """What happens when it is confirmed: what is not paid yet is set aside."""
    disputed = from_minor(amount, account.currency)
    return {
        "amount": disputed,
        "set_aside": min(disputed, bill.payable),
        "waits": policies().for_country(account.country).money.disputes.value == "wait",
    }

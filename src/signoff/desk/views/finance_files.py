"""Files for the bank: made, taken to the bank, handed over or dropped."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.accounts.models import User
from signoff.closing.listing import numbers_of
from signoff.closing.transfers import set_aside
from signoff.config import config
from signoff.desk.money_forms import MakeFileForm
from signoff.desk.views.finance_page import acted, finance_page, not_done
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.policies.bank_days import next_bank_day
from signoff.presentation.wording import said
from signoff.settlement.models import BatchState, PayoutBatch, PlaceKind, Refund
from signoff.settlement.payouts import operations
from signoff.settlement.payouts.files import format_for, take_file
from signoff.settlement.payouts.queries import batch_with_transfers, batches, transfer_in_the_way
from signoff.settlement.refunds.queries import Ready, ready_by_file


@require_safe
@finance_page
def files(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """What can be made, and what was made."""
    return _files(request, None)


@require_POST
@finance_page
def make(request: HttpRequest, user: User) -> HttpResponse:
    """Every transfer of a kind that is ready goes into one file; the worker writes it."""
    form = MakeFileForm(request.POST, today=timezone.localdate(now()))
    if form.is_valid():
        answer = form.cleaned_data
        try:
            batch = operations.make_batch(
                kind=PlaceKind(answer["kind"]),
                currency=answer["currency"],
                execution_date=answer["execution_date"],
                maker=user,
                now=now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("desk:file", number=batch.pk)
    return _files(request, form)


def _files(request: HttpRequest, wrong: MakeFileForm | None) -> HttpResponse:
    """`wrong`: the form that could not be taken, with what was typed into it."""
    ready = [(group, _form(group, wrong)) for group in ready_by_file()]
    is_shown = any(form is wrong for _group, form in ready)
    context = {
        "section": "money",
        "part": "files",
        "ready": ready,
        "form": wrong,
        "other_wrong": wrong if wrong and not is_shown else None,
        "has_sepa": bool(config().payout_name and config().payout_iban),
        "batches": batches(),
    }
    return render(request, "desk/money/files.html", context)


def _form(group: Ready, wrong: MakeFileForm | None) -> MakeFileForm | None:
    """None: no file can carry these transfers."""
    if not format_for(group.kind, group.currency):
        return None
    if wrong is not None and (wrong.data.get("kind"), wrong.data.get("currency")) == (
        group.kind.value,
        group.currency,
    ):
        return wrong
    today = timezone.localdate(now())
    return MakeFileForm(
        today=today,
        auto_id=f"id_{group.kind.value}_%s",
        initial={
            "kind": group.kind.value,
            "currency": group.currency,
            "execution_date": next_bank_day(today, group.currency),
        },
    )


@require_safe
@finance_page
def file(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """One file: what is in it, how far it is, and what can be done."""
    batch, transfers = _batch(number)
    large = any(refund.needs_approval for refund in transfers)
    context = {
        "section": "money",
        "part": "files",
        "batch": batch,
        "transfers": transfers,
        "numbers": numbers_of(refund.case for refund in transfers),
        "is_written": bool(batch.content),
        "stuck": transfer_in_the_way(batch, transfers) if batch.state == BatchState.ASKED else None,
        "needs_another": large and batch.made_by_id == user.pk,
        "may_drop": batch.taken_by_id != user.pk,
    }
    return render(request, "desk/money/file.html", context)


@require_POST
@finance_page
def download(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """The file itself. It names people and accounts: who took it is on record."""
    _batch(number)
    try:
        taken = take_file(batch=number, by=user, now=now())
    except Refusal as refusal:
        return not_done(request, _page_of(number), said(refusal))
    headers = {
        "Content-Disposition": f'attachment; filename="{taken.name}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(taken.content, content_type=taken.media_type, headers=headers)


@require_POST
@finance_page
def hand_over(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """A person has taken the file to the bank."""
    _batch(number)

    def act() -> str:
        operations.mark_sent(batch=number, sender=user, now=now())
        return _("Noted: the transfers are on their way. The bank’s answer says how they end.")

    def done() -> bool:
        batch, _transfers = _batch(number)
        return batch.state == BatchState.SENT and batch.sent_by_id == user.pk

    return acted(request, act, done=done, back=_page_of(number))


@require_POST
@finance_page
def drop(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """The file was not handed over."""
    _batch(number)

    def act() -> str:
        operations.drop_batch(batch=number, by=user, now=now())
        return _("Dropped: its transfers wait for the next file.")

    def done() -> bool:
        return _batch(number)[0].state == BatchState.DROPPED

    return acted(request, act, done=done, back=_page_of(number))


@require_POST
@finance_page
def aside(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """One transfer keeps the file from being written: its customer is asked for another place."""
    _batch(number)

    def act() -> str:
        set_aside(batch=number, by=user, now=now())
        return _("The customer is asked for another account. The others wait for the next file.")

    return acted(request, act, back=_page_of(number))


def _page_of(number: int) -> str:
    return reverse("desk:file", args=[number])


def _batch(number: int) -> tuple[PayoutBatch, list[Refund]]:
    try:
        return batch_with_transfers(number)
    except PayoutBatch.DoesNotExist:
        raise Http404 from None

"""How the finance desk looks and works in a real browser: wide and narrow, by day and by night."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from signoff.accounts.models import Role
from signoff.closing.models import Case
from signoff.kernel.clock import now
from signoff.ports.payments import RefundState as Remote
from signoff.settlement.models import BankStatus, Place, PlaceKind, Refund
from signoff.settlement.refunds.places import choose_account
from tests.desk import at_the_desk
from tests.finance import (
    Bank,
    asked_for,
    by_bank,
    came_back,
    closed,
    disputed,
    large,
    nowhere,
    written,
)
from tests.journeys.accessible import faults_of
from tests.journeys.test_desk_looks import browser_page
from tests.world import customer, staff

pytestmark = pytest.mark.django_db(transaction=True)


def a_busy_day() -> list[str]:
    """Money in every state, and the pages that show it."""
    by_bank(1_250_00)
    ready = written(asked_for())
    bad = by_bank(4300)
    Place.objects.filter(case=bad.case).update(account_number="6222021234567890127")
    stuck = written(asked_for())
    by_bank(8800)
    big = large()
    came_back()
    Refund.objects.filter(pk=came_back().pk).update(
        failure="AM04 Your own account does not have enough money.", is_failure_ours=True
    )
    twice = came_back()
    Refund.objects.filter(pk=twice.pk).update(alarm="payment:1")
    nowhere(1200)
    choose_account(
        case=nowhere(9900).case, kind=PlaceKind.IBAN, holder="Li Wei", actor="customer",
        account_number="DE89370400440532013000", now=now(),
    )  # fmt: skip
    late = closed(customer(paid=(700,)), Bank(Remote.SENT))
    Refund.objects.filter(pk=late.pk).update(expected_on=now().date() - timedelta(days=3))
    Refund.objects.update(changed_at=now())
    claim = disputed(text="I was at home in those days, and never switched data on.")
    one = staff(Role.FINANCE)
    BankStatus.objects.create(
        format="sepa", content=b"", state="read", paid=12, failed=1, uploaded_by=one,
        unknown=["R12-0f3c9a", "R99-000000"], uploaded_at=now(),
    )  # fmt: skip
    answer = BankStatus.objects.get()
    BankStatus.objects.create(
        format="cn_csv", content=b"", state="refused", uploaded_by=one, uploaded_at=now(),
        failure="The file has no line with the columns 流水号, 状态: it is no answer to a batch.",
    )  # fmt: skip
    paths = [
        "", "approvals/", "failed/", "late/", "no-place/", "contradictions/", "files/", "by-hand/",
        f"files/{ready.pk}/", f"files/{stuck.pk}/", "answers/", f"answers/{answer.pk}/",
        f"answers/{answer.pk + 1}/", "disputes/", f"disputes/{claim.pk}/",
        "refunds.csv?first=2026-11-02&last=2026-11-01",
    ]  # fmt: skip
    case = Case.objects.get(pk=big.case)
    return [*(f"/desk/money/{path}" for path in paths), f"/desk/{case.number}/"]


def test_every_page_of_the_finance_desk_fits_and_is_accessible(live_server: LiveServer) -> None:
    paths = a_busy_day()
    with browser_page(live_server, at_the_desk(staff(Role.FINANCE))) as page:
        assert faults_of(page, live_server.url, paths) == []


def test_a_file_is_made_and_its_page_refreshes_by_itself(live_server: LiveServer) -> None:
    by_bank()
    client = at_the_desk(staff(Role.FINANCE))
    with browser_page(live_server, client) as page:
        page.goto(live_server.url + "/desk/money/files/")
        page.get_by_role("button", name="Make the file").click()
        page.get_by_text("The file is being written.").wait_for()
        with page.expect_request(lambda request: request.headers.get("hx-request") == "true"):
            pass
        expect(page.get_by_role("heading", level=1)).to_contain_text("Being written")

"""Somebody who only wants their money: disputes an item, pays a bill, closes, sees the refund come."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.accessible import Inspector, fits
from tests.journeys.finance_people import Payee
from tests.journeys.people import Customer
from tests.journeys.staff import Reviewer
from tests.journeys.words import LANGUAGES
from tests.peers.demo import Demo

_WITHIN = 60
CUSTOMERS = {
    "en": ("emma.brandt", "L200089", "202610-500260", "Quiz line, 4 calls"),
    "zh-hans": ("xu.zihan", "L200034", "202610-500089", "国际长途通话 12 分钟"),
}
"""user, line, the unpaid bill, and the item of it that is not right."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_money_is_disputed_paid_and_comes_back(
    browser: Browser, stack: Demo, desk: Reviewer, language: str
) -> None:
    who, reference, bill, item = CUSTOMERS[language]
    inspector = Inspector(in_passing=True)
    look = inspector if language == "en" else fits
    customer = Payee(browser, stack, language, look=look)
    customer.visit.may_go_to(stack.box_url)
    customer.sign_in(who)
    whole = _looks_at(customer, bill)
    customer.disputes(item)
    left = customer.amount()
    assert left != whole
    _pays(customer)
    customer.open(f"/close/{reference}/preview/", "money-preview")
    if customer.main.locator(f"a[href='/close/{reference}/pay/']").count():
        customer.follow("Pay it", "money-due")
        _pays(customer)
        customer.open(f"/close/{reference}/preview/", "money-preview-paid")
    amount = customer.amount()
    customer.begin()
    customer.give_reason()
    customer.give_contact()
    if "/place/" in customer.page.url:
        customer.see("money-place")
        customer.follow("Decide later")
    customer.confirm()
    customer.follow("See how it goes on", "money-submitted")
    desk.approve(customer.case)
    customer.tag("Closed", _WITHIN)
    customer.open(f"/cases/{customer.case}/", "money-closed")
    assert customer.amount() == amount
    _has_arrived(customer)
    customer.leave()
    assert inspector.faults == []


def _looks_at(customer: Customer, bill: str) -> str:
    customer.open(f"/bills/{bill}/", "money-bill")
    if bill == CUSTOMERS["en"][2]:  # what is unusual is marked with its reason
        assert customer.main.locator(".mark").count() == 1
    return customer.amount()


def _pays(customer: Customer) -> None:
    """By the button, at the payment service's page, and back."""
    _main_button(customer).click()
    customer.see("money-preparing")
    customer.reads("The payment page is ready", _WITHIN)
    customer.see("money-ready")
    customer.follow("Go to the payment page")
    expect(customer.page).to_have_url(re.compile(r"/pay/cs_"))
    customer.see("money-at-the-service")
    customer.page.locator("button[value=pay]").click()
    customer.reads("Paid. Thank you.", _WITHIN)
    customer.see("money-paid")


def _main_button(customer: Customer) -> Locator:
    return customer.main.locator("form button.button").first


def _has_arrived(customer: Payee) -> None:
    """Each part says where it is; those that went back the way they came have arrived."""
    parts = customer.parts()
    assert parts
    assert any(customer.say("Paid back") in part for part in parts), parts
    made = httpx.get(
        f"{customer.demo.box_url}/control/state/refunds", timeout=20, trust_env=False
    ).json()
    assert any(row["status"] == "succeeded" for row in made.values())

"""Being told on a device, in a real browser with a real service worker.

The push service of Chromium's maker is out of reach here, so that `PushManager.subscribe` would
wait for ever. It alone is replaced, by one that answers as the standard says; what comes behind it
is real: the page, the form, the service worker, and the push itself, which the browser is handed
by its debugging protocol as its own push client would hand it.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from signoff.closing.models import Case
from signoff.push.models import Receiver
from tests.peers.chromium import Visit, chromium, whole_chromium
from tests.peers.user_agent import base64url, point_of
from tests.portal import signed_in
from tests.pushing import vapid
from tests.world import Customer, customer, submitted

__all__ = ["vapid"]
pytestmark = pytest.mark.django_db(transaction=True)
ENDPOINT = "https://web.push.apple.com/of-this-device"
PHONE, DESK = {"width": 375, "height": 740}, {"width": 1280, "height": 800}

_SUBSCRIBES = """
([endpoint, p256dh, auth]) => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const kept = () => sessionStorage.getItem("subscribed");
  const made = () => ({
    endpoint,
    options: { applicationServerKey: bytes(kept()).buffer },
    getKey: (name) => bytes(name === "auth" ? auth : p256dh).buffer,
    unsubscribe: async () => { sessionStorage.removeItem("subscribed"); return true; },
  });
  PushManager.prototype.getSubscription = async () => (kept() ? made() : null);
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly) throw new DOMException("must be visible", "NotAllowedError");
    const key = String.fromCharCode(...options.applicationServerKey);
    sessionStorage.setItem("subscribed", btoa(key));
    return made();
  };
}
"""


_REGISTERED = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"


@dataclass(frozen=True, slots=True)
class Device:
    """A browser of the customer's, and its debugging protocol."""

    page: Page
    protocol: CDPSession
    registrations: list[str]

    def open(self, address: str) -> None:
        """A page of ours."""
        self.page.goto(address)

    def pushed(self, origin: str, told: dict[str, Any] | str) -> None:
        """The browser hands a push to the service worker."""
        text = told if isinstance(told, str) else json.dumps(told)
        message = {"origin": origin, "registrationId": self.registrations[-1], "data": text}
        self.protocol.send("ServiceWorker.deliverPushMessage", message)

    def shown(self) -> list[dict[str, Any]]:
        """What the service worker has shown and nobody has put away."""
        return list(
            self.page.evaluate(
                """async () => {
                  const worker = await navigator.serviceWorker.getRegistration("/");
                  if (!worker) return [];
                  return (await worker.getNotifications()).map(
                    ({title, body, lang, tag, data}) => ({title, body, lang, tag, data}));
                }"""
            )
        )

    def waits_for(self, count: int) -> list[dict[str, Any]]:
        """What is shown, when it is so many."""
        for _look in range(100):
            if len(found := self.shown()) == count:
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError(self.shown())


@contextmanager
def device(server: LiveServer, who: Customer) -> Iterator[Device]:
    """Signed in, with leave to show notifications; what the page complains about fails the test."""
    session = signed_in(who).cookies["sessionid"].value
    with whole_chromium() as browser:
        visit = Visit(browser, server.url)
        visit.context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        visit.context.grant_permissions(["notifications"], origin=server.url)
        key = point_of(ec.generate_private_key(ec.SECP256R1()))
        given = json.dumps([ENDPOINT, base64url(key), base64url(bytes(16))])
        visit.context.add_init_script(f"({_SUBSCRIBES})({given})")
        protocol = visit.context.new_cdp_session(visit.page)
        registrations: list[str] = []
        protocol.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: registrations.extend(
                one["registrationId"] for one in told["registrations"] if not one["isDeleted"]
            ),
        )
        protocol.send("ServiceWorker.enable")
        yield Device(visit.page, protocol, registrations)
        visit.context.close()
    assert visit.complaints == []


def test_switched_on_told_and_switched_off(live_server: LiveServer, vapid: str) -> None:
    who = customer()
    case = submitted(who)
    here = f"/cases/{case.number}/"
    with device(live_server, who) as on_device, ThreadPoolExecutor(1) as elsewhere:
        page = on_device.page
        on_device.open(live_server.url + here)
        page.get_by_role("link", name="Be told on this device").click()
        page.get_by_role("button", name="Tell me on this device").click()
        expect(page.get_by_text("This device is told.")).to_be_visible()
        row = elsewhere.submit(Receiver.objects.get).result()
        assert (row.endpoint, row.case, len(row.secret)) == (ENDPOINT, case.pk, 16)

        told = {"title": f"Case {case.number} at Boom", "text": "Approved", "language": "en",
                "address": here, "last": False}  # fmt: skip
        on_device.pushed(live_server.url, told)
        on_device.pushed(live_server.url, told | {"text": "Time to think again"})
        (shown,) = on_device.waits_for(1)
        while shown["body"] != "Time to think again":
            (shown,) = on_device.waits_for(1)
        assert (shown["title"], shown["lang"]) == (told["title"], "en")
        assert shown["data"] == {"address": live_server.url + here, "last": False}

        page.get_by_role("button", name="Switch it off on this device").click()
        expect(page.get_by_role("button", name="Tell me on this device")).to_be_visible()
        assert elsewhere.submit(Receiver.objects.count).result() == 0
        assert page.evaluate(_REGISTERED) == 0


def test_a_push_from_nobody_leads_nowhere_else(live_server: LiveServer, vapid: str) -> None:
    who = customer()
    case = submitted(who)
    with device(live_server, who) as on_device:
        on_device.open(f"{live_server.url}/cases/{case.number}/device/")
        on_device.page.get_by_role("button", name="Tell me on this device").click()
        expect(on_device.page.get_by_text("This device is told.")).to_be_visible()
        on_device.pushed(live_server.url, {"title": "x", "address": "https://evil.example/x"})
        (shown,) = on_device.waits_for(1)
        assert shown["data"]["address"] == f"{live_server.url}/"
        on_device.pushed(live_server.url, "{broken")
        for found in on_device.waits_for(1):
            assert found["data"]["address"] == f"{live_server.url}/"
        (worker,) = on_device.page.context.service_workers
        for address in ("//evil.example/", "javascript:alert(1)", "", None):
            assert worker.evaluate("own", address) == f"{live_server.url}/"
        worker.evaluate("end()")
        assert on_device.page.evaluate(_REGISTERED) == 0


@pytest.mark.parametrize("allowed", [True, False])
def test_a_browser_that_cannot_is_offered_nothing(
    live_server: LiveServer, vapid: str, allowed: bool
) -> None:
    who = customer()
    case: Case = submitted(who)
    session = signed_in(who).cookies["sessionid"].value
    with chromium() as browser:
        visit = Visit(browser, live_server.url)
        cookie = {"name": "sessionid", "value": session, "url": live_server.url}
        visit.context.add_cookies([cookie])  # type: ignore[list-item]
        if not allowed:
            visit.context.add_init_script("delete window.PushManager")
        page = visit.page
        page.goto(f"{live_server.url}/cases/{case.number}/")
        link = page.get_by_role("link", name="Be told on this device")
        expect(link).to_be_visible() if allowed else expect(link).to_be_hidden()
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(f"{live_server.url}/cases/{case.number}/device/")
            said = "keeps messages of this site back" if allowed else "This browser cannot do it"
            expect(page.get_by_text(said)).to_be_visible()
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0
        assert Axe().run(page).response["violations"] == []
        visit.context.close()
    assert visit.complaints == []

"""`ServiceOrders` over TMF641."""

import httpx

from signoff.adapters import web
from signoff.adapters.tmf641.messages import Item, NewOrder, Order, ServiceRef
from signoff.ports.errors import Permanent
from signoff.ports.services import OrderAnswer, OrderState

SYSTEM = "services"
_ORDERS = "/tmf-api/serviceOrdering/v4/serviceOrder"
_BEST_FIRST = [OrderState.COMPLETED, OrderState.IN_PROGRESS, OrderState.FAILED]


class Tmf641:
    """A service order system at `base_url`."""

    def __init__(self, base_url: str, timeout: float, token: str | None = None) -> None:
        """`base_url` up to, not including, `/tmf-api`; `timeout` in seconds; `token`: bearer."""
        self._http = web.client(base_url, timeout=timeout)
        if token:
            self._http.headers["Authorization"] = f"Bearer {token}"

    def cease(self, *, service: str, key: str) -> OrderAnswer:
        """The order with `key`: the one that is there, or a new one.

        TMF641 has nothing that makes a POST safe to repeat, so we ask first. Between asking and
        ordering only we ourselves could order the same: one step of one case runs once at a time.
        Raises Temporary or Permanent.
        """
        existing = self.find_order(key=key)
        return existing or self._order(service, key)

    def find_order(self, *, key: str) -> OrderAnswer | None:
        """By `externalId`. Raises Temporary or Permanent."""
        request = self._http.build_request("GET", _ORDERS, params={"externalId": key})
        answer = web.exchange(SYSTEM, self._http, request)
        if answer.status_code not in (200, 206):
            raise web.refused(SYSTEM, answer)
        orders = web.parsed(SYSTEM, answer, list[Order])
        if any(order.external_id != key for order in orders):
            raise Permanent(SYSTEM, "it ignores externalId when asked: repeating would order twice")
        answers = [OrderAnswer(order.id, order.outcome) for order in orders]
        return min(answers, key=lambda found: _BEST_FIRST.index(found.state), default=None)

    def ping(self) -> str:
        """Who answers there; raises RemoteError, also if our token is not taken."""
        request = self._http.build_request("GET", _ORDERS, params={"limit": 1, "fields": "id"})
        answer = web.exchange(SYSTEM, self._http, request)
        if answer.status_code not in (200, 206):
            raise web.refused(SYSTEM, answer)
        return _named(self._http.base_url, answer)

    def _order(self, service: str, key: str) -> OrderAnswer:
        new = NewOrder(
            external_id=key,
            description="The line of this service is being closed",
            service_order_item=[Item(id="1", action="delete", service=ServiceRef(id=service))],
        )
        request = self._http.build_request(
            "POST", _ORDERS, content=web.as_json(new), headers={"Content-Type": "application/json"}
        )
        answer = web.exchange(SYSTEM, self._http, request)
        if answer.status_code not in (200, 201):
            raise web.refused(SYSTEM, answer)
        order = web.parsed(SYSTEM, answer, Order)
        return OrderAnswer(order.id, order.outcome)


def _named(base_url: httpx.URL, answer: httpx.Response) -> str:
    return f"{base_url.host}: {answer.headers.get('server', 'a server without a name')}"

"""The service order system: the part of TMF641 v4.1 that ends services.

Orders complete by themselves a moment after they came. As in the standard, nothing makes a POST
safe to repeat: who orders twice has two orders.
"""

import asyncio
import contextlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from signoff.carrier_box.faults import FaultKind, Faults
from signoff.carrier_box.http import Endpoint, with_faults
from signoff.carrier_box.store import BoxStore, Kind, Row
from signoff.kernel.clock import now

SYSTEM = "services"
PATH = "/tmf-api/serviceOrdering/v4/serviceOrder"
_SECONDS_TO_COMPLETE = 0.2
_OPEN_STATES = {"acknowledged", "inProgress"}


class ServiceOrderSystem:
    """A service's row: name, line, state. An order's row is the resource as it is answered.

    Implements BoxServer beside its routes: what was open when the box ended goes on at its start.
    """

    def __init__(self, store: BoxStore, faults: Faults) -> None:
        self._store = store
        self._faults = faults
        self._working: set[asyncio.Task[None]] = set()

    def routes(self) -> list[Route]:
        """The REST resource."""
        return [
            Route(PATH, self._misbehaving(self.create, "create"), methods=["POST"]),
            Route(PATH, self._misbehaving(self.find, "find"), methods=["GET"]),
            Route(f"{PATH}/{{id}}", self._misbehaving(self.read, "read"), methods=["GET"]),
        ]

    async def start(self) -> int:
        """Goes on with open orders. It has no port of its own, so 0."""
        for identity, order in self._store.all(Kind.SERVICE_ORDERS).items():
            if order["state"] in _OPEN_STATES:
                self._work_on(identity)
        return 0

    async def stop(self) -> None:
        """Open orders stay open."""
        working = list(self._working)
        self.forget()
        await asyncio.gather(*working, return_exceptions=True)

    def forget(self) -> None:
        """Nothing is worked on any more: orders that come later may have the same numbers."""
        for task in list(self._working):
            task.cancel()

    async def create(self, request: Request) -> Response:
        """201 with the order, 400 with a TMF error."""
        try:
            wanted = json.loads(await request.body())
            item = _delete_item(wanted)
        except ValueError as unfit:
            return error(400, "invalidBody", str(unfit))
        if self._store.get(Kind.SERVICES, item["service"]["id"]) is None:
            return error(400, "unknownService", "There is no service with this id")
        with self._store.transaction():
            identity = f"SORD{self._store.next_number('service_order'):06d}"
            order = _new_order(identity, wanted, item)
            self._store.put(Kind.SERVICE_ORDERS, identity, order)
            self._store.record_effect(SYSTEM, "create", item["service"]["id"], order["externalId"])
        self._work_on(identity)
        return JSONResponse(order, 201, headers={"Location": order["href"]})

    async def find(self, request: Request) -> Response:
        """All, or those with the `externalId` asked for; `limit` and `offset` as in TMF630."""
        orders = list(self._store.all(Kind.SERVICE_ORDERS).values())
        if (external := request.query_params.get("externalId")) is not None:
            orders = [order for order in orders if order["externalId"] == external]
        try:
            offset = int(request.query_params.get("offset", 0))
            limit = int(request.query_params.get("limit", 100))
        except ValueError:
            return error(400, "invalidQuery", "offset and limit are whole numbers")
        page = orders[max(offset, 0) : max(offset, 0) + max(limit, 0)]
        counts = {"X-Total-Count": str(len(orders)), "X-Result-Count": str(len(page))}
        return JSONResponse(page, 200 if len(page) == len(orders) else 206, headers=counts)

    async def read(self, request: Request) -> Response:
        """One order."""
        order = self._store.get(Kind.SERVICE_ORDERS, request.path_params["id"])
        if order is None:
            return error(404, "notFound", "There is no order with this id")
        return JSONResponse(order)

    def _misbehaving(self, endpoint: Endpoint, operation: str) -> Endpoint:
        return with_faults(
            endpoint,
            faults=self._faults,
            system=SYSTEM,
            operation=operation,
            busy=lambda: error(503, "busy", "Try again later"),
            refused=lambda: error(403, "forbidden", "You may not do this"),
        )

    def _work_on(self, identity: str) -> None:
        task = asyncio.create_task(self._complete(identity))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _complete(self, identity: str) -> None:
        """The fault of operation "complete" makes orders slow, or (refuse) fail."""
        told = self._faults.take(SYSTEM, "complete")
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(_SECONDS_TO_COMPLETE + told.seconds)
            self._end(identity, "failed" if told.kind is FaultKind.REFUSE else "completed")

    def _end(self, identity: str, state: str) -> None:
        with self._store.transaction():
            order = self._store.get(Kind.SERVICE_ORDERS, identity)
            if order is None:
                return  # somebody took its row out
            item = order["serviceOrderItem"][0]
            self._store.put(
                Kind.SERVICE_ORDERS,
                identity,
                order
                | {"state": state, "completionDate": _timestamp()}
                | {"serviceOrderItem": [item | {"state": state}]},
            )
            if state == "completed":
                self._terminate(item["service"]["id"], order["externalId"])

    def _terminate(self, service: str, key: str) -> None:
        row = self._store.get(Kind.SERVICES, service)
        if row is not None and row["state"] != "terminated":
            self._store.put(Kind.SERVICES, service, row | {"state": "terminated"})
            self._store.record_effect(SYSTEM, "cease", service, key)


def error(status: int, code: str, reason: str) -> Response:
    """TMF630's error body."""
    return JSONResponse({"code": code, "reason": reason, "status": str(status)}, status)


def _delete_item(wanted: Any) -> Row:
    """The only item. Raises ValueError in words for the caller."""
    match wanted:
        case {
            "serviceOrderItem": [
                {"id": str(), "action": "delete", "service": {"id": str()}} as item
            ]
        }:
            found: Row = item
            return found
        case {"serviceOrderItem": [_, *_]}:
            raise ValueError("this system only takes orders with one item, to delete a service")
    raise ValueError("serviceOrderItem is mandatory")


def _new_order(identity: str, wanted: Row, item: Row) -> Row:
    return {
        "id": identity,
        "href": f"{PATH}/{identity}",
        "externalId": str(wanted.get("externalId", "")),
        "description": str(wanted.get("description", "")),
        "orderDate": _timestamp(),
        "state": "acknowledged",
        "serviceOrderItem": [
            {
                "id": item["id"],
                "action": "delete",
                "state": "acknowledged",
                "service": {"id": item["service"]["id"], "@type": "Service"},
                "@type": "ServiceOrderItem",
            }
        ],
        "@type": "ServiceOrder",
    }


def _timestamp() -> str:
    return now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

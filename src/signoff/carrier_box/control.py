"""The box's own controls: faults, effects, state. For tests and the demo, not of any protocol."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from signoff.carrier_box.faults import Fault, FaultError, FaultKind, Faults
from signoff.carrier_box.http import Endpoint
from signoff.carrier_box.store import BoxStore, Kind

_FAULT_FIELDS = {"system", "operation", "kind", "times", "seconds"}


class RequestError(ValueError):
    """What was sent to the controls is not understood; says what would be."""


def routes(store: BoxStore, faults: Faults, reset: Callable[[], None]) -> list[Route]:
    """`reset` puts the box back to how it was seeded."""
    controls = _Controls(store, faults, reset)
    return [
        Route("/control/faults", _explained(controls.list_faults), methods=["GET"]),
        Route("/control/faults", _explained(controls.add_fault), methods=["POST"]),
        Route("/control/faults", _explained(controls.clear_faults), methods=["DELETE"]),
        Route("/control/effects", _explained(controls.effects), methods=["GET"]),
        Route("/control/state/{kind}", _explained(controls.rows), methods=["GET"]),
        Route("/control/state/{kind}/{id:path}", _explained(controls.row), methods=["GET"]),
        Route("/control/state/{kind}/{id:path}", _explained(controls.put), methods=["POST"]),
        Route("/control/reset", _explained(controls.reset), methods=["POST"]),
    ]


def _explained(endpoint: Endpoint) -> Endpoint:
    """Bad input is answered with 400 and `{"error": …}`."""

    async def explained(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (RequestError, FaultError) as bad:
            return JSONResponse({"error": str(bad)}, status_code=400)

    return explained


class _Controls:
    def __init__(self, store: BoxStore, faults: Faults, reset: Callable[[], None]) -> None:
        self._store = store
        self._faults = faults
        self._reset = reset

    async def list_faults(self, _request: Request) -> Response:
        return JSONResponse([asdict(fault) for fault in self._faults.all()])

    async def add_fault(self, request: Request) -> Response:
        fault = _fault(await _json_object(request))
        self._faults.add(fault)
        return JSONResponse(asdict(fault), status_code=201)

    async def clear_faults(self, _request: Request) -> Response:
        self._faults.clear()
        return Response(status_code=204)

    async def effects(self, request: Request) -> Response:
        system = request.query_params.get("system")
        return JSONResponse([asdict(effect) for effect in self._store.effects(system)])

    async def rows(self, request: Request) -> Response:
        return JSONResponse(self._store.all(_kind(request)))

    async def row(self, request: Request) -> Response:
        found = self._store.get(_kind(request), request.path_params["id"])
        if found is None:
            return JSONResponse({"error": "there is no such row"}, status_code=404)
        return JSONResponse(found)

    async def put(self, request: Request) -> Response:
        row = await _json_object(request)
        self._store.put(_kind(request), request.path_params["id"], row)
        return JSONResponse(row, status_code=201)

    async def reset(self, _request: Request) -> Response:
        self._faults.clear()
        self._reset()
        return Response(status_code=204)


def _kind(request: Request) -> Kind:
    name = request.path_params["kind"]
    try:
        return Kind(name)
    except ValueError:
        raise RequestError(f"“{name}” is none of {', '.join(Kind)}") from None


def _fault(body: dict[str, Any]) -> Fault:
    if unknown := set(body) - _FAULT_FIELDS:
        raise RequestError(
            f"unknown field {', '.join(sorted(unknown))}; a fault has system, "
            "operation, kind, times, seconds"
        )
    kind = body.get("kind")
    if kind not in list(FaultKind):
        raise RequestError(f"kind “{kind}” is none of {', '.join(FaultKind)}")
    times = body.get("times")
    if times is not None and (not isinstance(times, int) or isinstance(times, bool)):
        raise FaultError("times is a whole number, or left out for “until cleared”")
    seconds = body.get("seconds", 0)
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        raise FaultError("seconds is a number")
    return Fault(
        system=str(body.get("system", "")),
        kind=FaultKind(kind),
        operation=str(body.get("operation", "*")),
        times=times,
        seconds=float(seconds),
    )


async def _json_object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as broken:
        raise RequestError(f"the body is not JSON: {broken}") from broken
    if not isinstance(body, dict):
        raise RequestError("the body must be a JSON object")
    return body

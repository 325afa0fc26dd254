"""The SM-DP+: ES2+ cancelOrder, and phones that download and delete profiles.

GSMA SGP.22 v2.5: section 5.3.3 (cancelOrder), 5.3.5 (handleDownloadProgressInfo), 6.5 (JSON).
HTTP says 200 for failures too; what happened stands in `functionExecutionStatus`.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from signoff.carrier_box.faults import Faults
from signoff.carrier_box.http import with_faults
from signoff.carrier_box.store import BoxStore, Kind, Row

SYSTEM = "smdp"
_PATH = "/gsma/rsp2/es2plus/cancelOrder"
_ON_A_DEVICE = {"downloaded", "installed", "enabled", "disabled", "deleted"}
_FINAL = {"Available": "available", "Unavailable": "unavailable"}


def routes(store: BoxStore, faults: Faults) -> list[Route]:
    """What the operator calls."""
    smdp = _Smdp(store)
    endpoint = with_faults(
        smdp.cancel_order,
        faults=faults,
        system=SYSTEM,
        operation="cancelOrder",
        busy=lambda: Response("Service Unavailable", 503, media_type="text/plain"),
        refused=lambda: failed("8.2.1", "1.2", "The caller is not allowed to do this"),
    )
    return [Route(_PATH, endpoint, methods=["POST"])]


def failed(subject: str, reason: str, message: str) -> Response:
    """Failed, under HTTP 200."""
    codes = {"subjectCode": subject, "reasonCode": reason, "message": message}
    return _answer({"status": "Failed", "statusCodeData": codes})


def _answer(status: Mapping[str, Any]) -> Response:
    return JSONResponse(
        {"header": {"functionExecutionStatus": dict(status)}},
        headers={"X-Admin-Protocol": "gsma/rsp/v2.5.0"},
    )


class _Smdp:
    """A profile's row: eid ("" for none), matching_id, profile_type, state."""

    def __init__(self, store: BoxStore) -> None:
        self._store = store

    async def cancel_order(self, request: Request) -> Response:
        if not request.headers.get("x-admin-protocol", "").startswith("gsma/rsp/v2"):
            return Response("X-Admin-Protocol must be gsma/rsp/v2.x.y", 400)
        try:
            order = json.loads(await request.body())
        except ValueError:
            return Response("the body is not JSON", 400)
        if not _is_cancel_order(order):
            return failed("8.2.1", "2.2", "ICCID, finalProfileStatusIndicator or header missing")
        with self._store.transaction():
            return self._cancel(order)

    def _cancel(self, order: Row) -> Response:
        iccid = order["iccid"].rstrip("F")
        profile = self._store.get(Kind.PROFILES, iccid)
        if profile is None:
            return failed("8.2.1", "3.9", "Profile ICCID unknown")
        if (complaint := _complaint(profile, order)) is not None:
            return complaint
        final = _FINAL[order["finalProfileStatusIndicator"]]
        self._store.put(Kind.PROFILES, iccid, profile | {"state": final})
        call = order["header"]["functionCallIdentifier"]
        self._store.record_effect(SYSTEM, "cancelOrder", iccid, call)
        return _answer({"status": "Executed-Success"})


def _complaint(profile: Row, order: Row) -> Response | None:
    """Why the order of this profile cannot be cancelled, in the standard's codes."""
    if order.get("eid") and profile["eid"] and order["eid"] != profile["eid"]:
        return failed("8.1.1", "3.10", "A different EID is associated with this ICCID")
    if order.get("matchingId") and order["matchingId"] != profile["matching_id"]:
        return failed("8.2.6", "3.10", "A different MatchingID is associated with this ICCID")
    if profile["state"] in _ON_A_DEVICE:
        return failed("8.2.1", "3.3", "The profile is already downloaded")
    if profile["state"] == "unavailable":
        return failed("8.2.1", "3.7", "The profile is unavailable: its order was cancelled")
    return None


def _is_cancel_order(order: object) -> bool:
    match order:
        case {
            "header": {
                "functionRequesterIdentifier": str(requester),
                "functionCallIdentifier": str(call),
            },
            "iccid": str(iccid),
            "finalProfileStatusIndicator": "Available" | "Unavailable",
        }:
            return bool(requester and call) and len(iccid) == 20
    return False

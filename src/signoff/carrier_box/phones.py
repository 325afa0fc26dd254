"""What happens on customers' phones, and what the SM-DP+ then tells the operator.

`POST /control/phones/{iccid}` with `{"does": "download"}`, or install, enable, disable, delete.
The SM-DP+ calls handleDownloadProgressInfo at the operator (SGP.22 v2.5 section 5.3.5).
"""

import json

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from signoff.carrier_box.store import BoxStore, Kind, Row
from signoff.kernel.clock import now

_NOTIFY = "/gsma/rsp2/es2plus/handleDownloadProgressInfo"
_STEPS: dict[str, tuple[frozenset[str], str, int]] = {
    # what the phone does: from which states, to which state, notificationPointId
    "download": (frozenset({"released"}), "downloaded", 3),
    "install": (frozenset({"downloaded"}), "installed", 4),
    "enable": (frozenset({"installed", "disabled"}), "enabled", 101),
    "disable": (frozenset({"enabled"}), "disabled", 102),
    "delete": (frozenset({"installed", "enabled", "disabled"}), "deleted", 5),
}


def routes(store: BoxStore, operator_url: str | None) -> list[Route]:
    """`operator_url` without the path, None if nobody is to be told."""
    phones = _Phones(store, operator_url)
    return [Route("/control/phones/{iccid}", phones.act, methods=["POST"])]


class _Phones:
    def __init__(self, store: BoxStore, operator_url: str | None) -> None:
        self._store = store
        self._operator_url = operator_url

    async def act(self, request: Request) -> Response:
        """Answers `{"state": …, "operator_answered": 204}`; null if nobody was told."""
        iccid = request.path_params["iccid"]
        does = _action(await request.body())
        if does is None:
            words = ", ".join(_STEPS)
            return JSONResponse({"error": f'the body is {{"does": one of {words}}}'}, 400)
        before, after, point = _STEPS[does]
        with self._store.transaction():
            profile = self._store.get(Kind.PROFILES, iccid)
            if profile is None:
                return JSONResponse({"error": "there is no such profile"}, 404)
            if profile["state"] not in before:
                return JSONResponse(
                    {"error": f"a phone cannot {does} a profile that is {profile['state']}"}, 409
                )
            profile |= {"state": after}
            self._store.put(Kind.PROFILES, iccid, profile)
        answered = await self._tell(iccid, profile, point)
        return JSONResponse({"state": after, "operator_answered": answered})

    async def _tell(self, iccid: str, profile: Row, point: int) -> int | None:
        """The operator's HTTP status, 0 if it did not answer, None if nobody is to be told."""
        if self._operator_url is None:
            return None
        call = f"box-{self._store.next_number('notification')}"
        body = {
            "header": {"functionRequesterIdentifier": "box-smdp", "functionCallIdentifier": call},
            "eid": profile["eid"] or None,
            "iccid": iccid.ljust(20, "F"),
            "profileType": profile["profile_type"],
            "timestamp": now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "notificationPointId": point,
            "notificationPointStatus": {"status": "Executed-Success"},
        }
        sent = {name: value for name, value in body.items() if value is not None}
        answered = await _post(self._operator_url + _NOTIFY, sent)
        self._store.put(Kind.NOTIFICATIONS, call, sent | {"operator_answered": answered})
        return answered


async def _post(url: str, body: Row) -> int:
    headers = {"X-Admin-Protocol": "gsma/rsp/v2.5.0"}
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            answer = await http.post(url, json=body, headers=headers)
    except httpx.TransportError:
        return 0
    return answer.status_code


def _action(body: bytes) -> str | None:
    try:
        wanted = json.loads(body)
    except ValueError:
        return None
    does = wanted.get("does") if isinstance(wanted, dict) else None
    return does if isinstance(does, str) and does in _STEPS else None

"""`ProfileOrders` over ES2+."""

import hashlib
import re
from pathlib import Path

from signoff.adapters import web
from signoff.adapters.es2plus.messages import CancelOrder, RequestHeader, Response
from signoff.adapters.es2plus.outcomes import SYSTEM, withdrawal
from signoff.kernel.identifiers import Eid, Iccid
from signoff.ports.profiles import WithdrawalAnswer

_CANCEL_ORDER = "/gsma/rsp2/es2plus/cancelOrder"
_HEADERS = {
    "Content-Type": "application/json",
    "X-Admin-Protocol": "gsma/rsp/v2.5.0",  # SGP.22 v2.5 section 6.5.1
}
_PLAIN_KEY = re.compile(r"[\w.:/-]{1,100}", re.ASCII)


class Es2Plus:
    """An SM-DP+ at `base_url`, to which we are `requester`."""

    def __init__(
        self,
        base_url: str,
        requester: str,
        timeout: float,
        client_cert: tuple[Path, Path] | None = None,
        ca: Path | None = None,
    ) -> None:
        """`base_url` up to, not including, `/gsma`; `requester` is our OID at the SM-DP+.

        `client_cert` (certificate and key, PEM) and `ca` are for mutual TLS, which the standard
        asks for; `timeout` in seconds.
        """
        self._requester = requester
        self._http = web.client(base_url, timeout=timeout, client_cert=client_cert, ca=ca)

    def withdraw(
        self, *, iccid: Iccid, eid: Eid | None, matching_id: str, key: str
    ) -> WithdrawalAnswer:
        """cancelOrder with Unavailable: nobody can download the profile any more.

        Raises Temporary or Permanent. A repeat finds the profile Unavailable and says so.
        """
        call = function_call_identifier(key)
        order = CancelOrder(
            header=RequestHeader(
                function_requester_identifier=self._requester, function_call_identifier=call
            ),
            iccid=iccid.padded,
            eid=eid,
            matching_id=matching_id or None,
        )
        request = self._http.build_request(
            "POST", _CANCEL_ORDER, content=web.as_json(order), headers=_HEADERS
        )
        answer = web.exchange(SYSTEM, self._http, request)
        if answer.status_code != 200:
            raise web.refused(SYSTEM, answer)
        status = web.parsed(SYSTEM, answer, Response).header.function_execution_status
        return WithdrawalAnswer(withdrawal(status, raw=web.as_it_came(answer)), call)

    def ping(self) -> str:
        """Who answers there; ES2+ has no call that only asks. Raises RemoteError."""
        return web.reachable(SYSTEM, self._http, _CANCEL_ORDER)


def function_call_identifier(key: str) -> str:
    """The key itself if it is plain, so that people find it in both logs; otherwise its digest."""
    return key if _PLAIN_KEY.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()

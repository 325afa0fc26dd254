"""What an answer to cancelOrder means. Pure.

SGP.22 v2.5 section 5.3.3 has codes for: unknown ICCID (8.2.1/3.9), not the caller's profile
(8.2.1/1.2), another EID (8.1.1/3.10), another MatchingID (8.2.6/3.10), and "the profile is
already downloaded" (8.2.1/3.3). It does not say what a second cancelOrder for a profile that is
Unavailable gets. Public SM-DP+ answer either success again or 8.2.1/3.7, subject "Profile ICCID",
reason "Unavailable": both are taken as done. Everything else, also an ICCID that is unknown or a
MatchingID of another order, is not guessed at: a person looks.
"""

from signoff.adapters.es2plus.messages import ExecutionStatus, FunctionExecutionStatus
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.profiles import Withdrawal

SYSTEM = "smdp"
_PROFILE_ICCID = "8.2.1"
_MEANING = {
    (_PROFILE_ICCID, "3.3"): Withdrawal.DOWNLOADED,
    (_PROFILE_ICCID, "3.7"): Withdrawal.ALREADY_WITHDRAWN,
}


def withdrawal(status: FunctionExecutionStatus, *, raw: str) -> Withdrawal:
    """Raises Temporary if the SM-DP+ gave up waiting, Permanent for any other failure."""
    if status.status in (ExecutionStatus.SUCCESS, ExecutionStatus.WITH_WARNING):
        return Withdrawal.WITHDRAWN
    if status.status is ExecutionStatus.EXPIRED:
        raise Temporary(SYSTEM, "cancelOrder expired before it was executed", raw=raw)
    codes = status.status_code_data
    if codes is None:
        raise Permanent(SYSTEM, "cancelOrder failed without a reason", raw=raw)
    meaning = _MEANING.get((codes.subject_code, codes.reason_code))
    if meaning is None:
        raise Permanent(
            SYSTEM,
            f"cancelOrder failed: subject {codes.subject_code}, reason {codes.reason_code}",
            raw=raw,
        )
    return meaning

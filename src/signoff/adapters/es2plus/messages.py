"""The messages of ES2+ that we send and read (SGP.22 v2.5 sections 5.3.3 and 6.5)."""

import enum

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class RequestHeader(_Wire):
    """Who calls, and the call's name in the logs of both sides."""

    function_requester_identifier: str
    function_call_identifier: str


class CancelOrder(_Wire):
    """`iccid` padded with F. `matching_id` and `eid` are checked there against the order."""

    header: RequestHeader
    iccid: str
    eid: str | None
    matching_id: str | None
    final_profile_status_indicator: str = "Unavailable"


class ExecutionStatus(enum.Enum):
    """How the function ended; HTTP says 200 in every case."""

    SUCCESS = "Executed-Success"
    WITH_WARNING = "Executed-WithWarning"
    FAILED = "Failed"
    EXPIRED = "Expired"


class StatusCodeData(_Wire):
    """Subject and reason (SGP.22 v2.5 section 5.2.6), and words for people."""

    subject_code: str
    reason_code: str
    subject_identifier: str | None = None
    message: str | None = None


class FunctionExecutionStatus(_Wire):
    """`status_code_data` explains everything that is not a plain success."""

    status: ExecutionStatus
    status_code_data: StatusCodeData | None = None


class ResponseHeader(_Wire):
    """The only thing that every answer has."""

    function_execution_status: FunctionExecutionStatus


class Response(_Wire):
    """The answer to cancelOrder is its header."""

    header: ResponseHeader

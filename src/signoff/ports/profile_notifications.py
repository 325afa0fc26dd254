"""What an SM-DP+ tells the operator on its own: how far a profile has come on its way to a device.

GSMA SGP.22 v2.5 section 5.3.5, ES2+.HandleDownloadProgressInfo; the reply is HTTP 204, empty.
Whoever receives the call (`api/`) parses the body with `DownloadProgress`.
"""

import enum
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import Eid, Iccid

PATH = "/gsma/rsp2/es2plus/handleDownloadProgressInfo"


class NotificationPoint(enum.IntEnum):
    """The step that was reached.

    1 to 4 are those of SGP.22 v2.5 section 5.3.5, which knows of no removal. The others are what
    SM-DP+ send besides, after the device has told them (ES9+.HandleNotification), with the
    numbers that Chinese carriers publish for this call; another SM-DP+ may number differently.
    """

    ELIGIBILITY_CHECKED = 1
    CONFIRMATION_FAILED = 2
    DOWNLOADED = 3
    INSTALLED = 4
    DELETED = 5
    ENABLED = 101
    DISABLED = 102


class PointStatus(enum.Enum):
    """How the step ended."""

    EXECUTED_SUCCESS = "Executed-Success"
    EXECUTED_WITH_WARNING = "Executed-WithWarning"
    FAILED = "Failed"
    EXPIRED = "Expired"


def _iccid(text: str) -> str:
    """Parsed, without padding. Raises ValueError, which pydantic words with the field's name."""
    try:
        return Iccid.parse(text)
    except InvalidValue as unfit:
        raise ValueError(str(unfit)) from unfit


def _eid(text: str) -> str:
    try:
        return Eid.parse(text)
    except InvalidValue as unfit:
        raise ValueError(str(unfit)) from unfit


def _in_utc(moment: datetime) -> datetime:
    """Of the calendar's first and last days some have no moment in UTC: a database breaks there."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as outside:
        raise ValueError("the calendar ends before that") from outside


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class NotificationHeader(_Wire):
    """Who calls, and the name of the call in their log."""

    function_requester_identifier: str = Field(min_length=1, max_length=200)
    function_call_identifier: str = Field(min_length=1, max_length=200)


class StatusCodes(_Wire):
    """Subject and reason as in SGP.22 v2.5 section 5.2.6."""

    subject_code: str = Field(max_length=20)
    reason_code: str = Field(max_length=20)
    subject_identifier: str | None = Field(default=None, max_length=200)
    message: str | None = Field(default=None, max_length=1000)


class NotificationStatus(_Wire):
    """The outcome of the step."""

    status: PointStatus
    status_code_data: StatusCodes | None = None


class DownloadProgress(_Wire):
    """The body of the call. `iccid` and `eid` come out parsed, the ICCID without its padding."""

    header: NotificationHeader
    iccid: Annotated[str, AfterValidator(_iccid)]
    profile_type: str = Field(default="", max_length=200)
    timestamp: Annotated[AwareDatetime, AfterValidator(_in_utc)]
    notification_point_id: int = Field(ge=0, le=1000)
    notification_point_status: NotificationStatus
    eid: Annotated[str, AfterValidator(_eid)] | None = None
    result_data: str | None = Field(default=None, max_length=100_000)

    @property
    def succeeded(self) -> bool:
        """The step was done, perhaps with a warning."""
        return self.notification_point_status.status in (
            PointStatus.EXECUTED_SUCCESS,
            PointStatus.EXECUTED_WITH_WARNING,
        )

    @property
    def point(self) -> NotificationPoint | None:
        """None for a number that we do not know: it is kept and changes nothing."""
        try:
            return NotificationPoint(self.notification_point_id)
        except ValueError:
            return None

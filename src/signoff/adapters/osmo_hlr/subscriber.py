"""What CTRL's `subscriber.….info` says of a subscriber."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from signoff.adapters.osmo_hlr.connection import SYSTEM
from signoff.kernel.identifiers import Imsi
from signoff.ports.errors import Permanent

_Digits = Annotated[str, StringConstraints(pattern=r"^\d{1,15}$")]


class _Info(BaseModel):
    """The fields we use; osmo-hlr adds others, such as where the subscriber was last seen."""

    model_config = ConfigDict(frozen=True, strict=True)

    imsi: _Digits
    msisdn: _Digits | Literal[""] = ""
    nam_cs: Literal["0", "1"]
    nam_ps: Literal["0", "1"]


@dataclass(frozen=True, slots=True)
class NetworkAccess:
    """Which halves of the network the subscriber may use; `msisdn_digits` "" if it has none."""

    msisdn_digits: str
    circuits: bool
    packets: bool

    @property
    def any(self) -> bool:
        """At least one of both."""
        return self.circuits or self.packets

    @property
    def all(self) -> bool:
        """Both."""
        return self.circuits and self.packets


def parse_info(text: str, *, imsi: Imsi) -> NetworkAccess:
    """Lines of name, tab, value. Raises Permanent if they do not fit or speak of another IMSI."""
    pairs = [line.split("\t") for line in text.split("\n") if line.strip()]
    if any(len(pair) != 2 for pair in pairs) or len({pair[0] for pair in pairs}) != len(pairs):
        raise Permanent(SYSTEM, "the subscriber's information is not a list of values", raw=text)
    try:
        info = _Info.model_validate(dict(pairs))
    except ValidationError as misfit:
        fields = ", ".join(sorted({str(error["loc"][0]) for error in misfit.errors()}))
        raise Permanent(
            SYSTEM, f"the subscriber's information does not fit: {fields}", raw=text
        ) from misfit
    if info.imsi != imsi:
        raise Permanent(SYSTEM, "the information is of another subscriber", raw=text)
    return NetworkAccess(
        msisdn_digits=info.msisdn, circuits=info.nam_cs == "1", packets=info.nam_ps == "1"
    )

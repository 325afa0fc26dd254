"""Where the box listens, and how its payment service is known."""

import json
from dataclasses import asdict, dataclass
from typing import Self

Address = tuple[str, int]

WEBHOOK_SECRET = "whsec_carrier_box"  # noqa: S105 - the box listens on loopback only
"""With it the box's payment service signs what it tells the operator."""


@dataclass(frozen=True, slots=True)
class BoxAddresses:
    """`http_url` has no slash at its end; the others are (host, port)."""

    http_url: str
    hlr_ctrl: Address
    hlr_vty: Address
    smpp: Address
    smtp: Address

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Reads what `to_json` wrote. Raises ValueError with what is missing."""
        try:
            found = json.loads(line)
            return cls(
                http_url=str(found["http_url"]),
                hlr_ctrl=_address(found["hlr_ctrl"]),
                hlr_vty=_address(found["hlr_vty"]),
                smpp=_address(found["smpp"]),
                smtp=_address(found["smtp"]),
            )
        except (KeyError, TypeError) as missing:
            raise ValueError(f"not the addresses of a box: {missing} in {line!r}") from missing


def _address(pair: object) -> Address:
    match pair:
        case [str(host), int(port)]:
            return host, port
    raise ValueError(f"an address is [host, port], not {pair!r}")

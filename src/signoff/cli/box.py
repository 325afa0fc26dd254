"""`signoff box`: a whole small carrier on this machine, to try Signoff with."""

from pathlib import Path
from typing import Annotated

import typer


def box(
    ports: Annotated[
        int,
        typer.Option(help="First of five: HTTP, HLR CTRL, HLR VTY, SMPP, SMTP; 0 takes free ones."),
    ] = 8601,
    state: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keeps the state; else memory.")
    ] = None,
    seed: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The carrier's export (CSV).")
    ] = None,
    operator_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where its SM-DP+ and payment service send what they have to tell."
        ),
    ] = None,
) -> None:
    """Run the carrier box: network, SM-DP+, messages, mail, payments; on 127.0.0.1 only.

    Prints one line of JSON, its addresses, when everything listens. The inbox is at its HTTP
    address.
    """
    from signoff.carrier_box.main import main  # noqa: PLC0415 - other commands start faster without

    words = ["--ports", str(ports)]
    for name, value in (("--state", state), ("--seed", seed), ("--operator-url", operator_url)):
        words += [name, str(value)] if value is not None else []
    main(words)

"""Gathering the facts that eligibility looks at."""

from collections.abc import Mapping, Sequence

from signoff.accounts.models import Line, LineState, Profile, ServiceState
from signoff.eligibility.rules import LineFacts
from signoff.kernel.identifiers import Msisdn


def line_facts(lines: Sequence[Line], open_cases: Mapping[int, str]) -> tuple[LineFacts, ...]:
    """Facts of lines that were read with profile and services; no further query.

    `open_cases` gives the number of the open case that a line is in, by the line's id.
    """
    return tuple(
        LineFacts(
            line=line.pk,
            msisdn=Msisdn(line.msisdn).masked,
            state=LineState(line.state).value,
            profile_state=_profile_state(line),
            open_case=open_cases.get(line.pk, ""),
            services=tuple(s.name for s in line.services.all() if s.state == ServiceState.ACTIVE),
        )
        for line in lines
    )


def _profile_state(line: Line) -> str:
    try:
        return line.profile.state
    except Profile.DoesNotExist:
        return ""

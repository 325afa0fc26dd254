"""Rows of `staff.csv`, which only `signoff demo-people` reads."""

from typing import Annotated

from signoff.accounts.models import Role
from signoff.kernel.words import gettext_noop as _
from signoff.sheets.cells import pattern, text
from signoff.sheets.fields import EmailText
from signoff.sheets.table import Row

_ROLE = "|".join(Role.values)


class StaffRow(Row):
    """A row of `staff.csv`: somebody with an authenticator app. The secret is in base 32.

    roles: one or more, with spaces between them.
    """

    username: Annotated[
        str,
        pattern("username", r"[a-z0-9_.-]{1,150}", _("“%(value)s” is not a user name.")),
    ]
    email: EmailText
    name: Annotated[str, text(120)]
    totp_secret: Annotated[
        str,
        pattern(
            "totp_secret",
            r"[A-Z2-7]{32}",
            _("The secret is not 32 characters of base 32: A to Z and 2 to 7."),
        ),
    ]
    roles: Annotated[
        str,
        pattern(
            "roles",
            rf"(?:{_ROLE})(?: (?:{_ROLE}))*",
            _(
                "“%(value)s” are not roles: reviewer, hotline, finance, auditor and admin, with"
                " spaces between them."
            ),
        ),
    ]

    @property
    def held(self) -> tuple[Role, ...]:
        """The roles, each once."""
        return tuple(dict.fromkeys(Role(name) for name in self.roles.split()))

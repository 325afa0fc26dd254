"""What letters to the staff say: what waits today, and of whom nothing but case numbers; and that
somebody has a place at the desk."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signoff.notice.layout import Wording

SHOWN = 12
"""So many case numbers of a topic are written out; the desk has the others."""


@dataclass(frozen=True, slots=True)
class Part:
    """topic: as in `briefing.rules.Topic`. number: of things that wait. cases: their numbers."""

    topic: str
    number: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffWords:
    """name: of who is told. parts: at least one."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class InvitationWords:
    """name: of who is invited, to the desk and to read. by: the name of who invites them."""

    name: str
    username: str
    by: str


def invitation(language: str, words: InvitationWords) -> Wording:
    """The letter to a new colleague. It opens nothing: whoever holds it, or reads it in the outbox
    or a backup, still needs the code that goes to the mailbox."""
    public, brand = settings.SIGNOFF.public_url, settings.SIGNOFF.brand_name
    with translation.override(language):
        paragraphs = [
            _("Hello %(name)s,") % {"name": words.name},
            _("%(by)s has given you a place at the desk of %(brand)s.")
            % {"by": words.by, "brand": brand},
            _("Your name to sign in with: %(username)s") % {"username": words.username},
            _(
                "First choose your password. Write this e-mail address on the page below; a code"
                " comes to you, and with it you choose: %(address)s"
            )
            % {"address": f"{public}/sign-in/password/reset/"},
            _(
                "Then sign in. At your first visit you set up an authenticator app, so have your"
                " telephone at hand: %(address)s"
            )
            % {"address": f"{public}/desk/"},
            _("If you do not know what this is about, you need not do anything."),
            brand,
        ]
        subject = _("Your place at the desk of %(brand)s") % {"brand": brand}
    return Wording(subject, "\n\n".join(paragraphs))


def staff_letter(language: str, words: StaffWords) -> Wording:
    """The letter of a working day."""
    address = f"{settings.SIGNOFF.public_url}/desk/"
    with translation.override(language):
        paragraphs = [
            _("Hello %(name)s,") % {"name": words.name},
            _("This waits at the desk this morning:"),
            *(_part(part) for part in words.parts),
            _("The desk: %(address)s") % {"address": address},
            _(
                "This letter comes on working days, when something waits. If you do not want it, "
                "switch it off at %(address)s"
            )
            % {"address": f"{address}letter/"},
            settings.SIGNOFF.brand_name,
        ]
        return Wording(_("What waits at the desk today"), "\n\n".join(paragraphs))


def _part(part: Part) -> str:
    lines = [_TOPICS[part.topic](part.number) % {"number": part.number}, *part.cases[:SHOWN]]
    if (more := len(part.cases) - SHOWN) > 0:
        lines.append(
            ngettext("and %(number)s more case", "and %(number)s more cases", more)
            % {"number": more}
        )
    return "\n".join(lines)


_TOPICS: dict[str, Callable[[int], str]] = {
    "overdue": lambda n: ngettext("%(number)s case overdue", "%(number)s cases overdue", n),
    "due_today": lambda n: ngettext(
        "%(number)s case to decide today", "%(number)s cases to decide today", n
    ),
    "stopped": lambda n: ngettext(
        "%(number)s closing that has stopped and needs a person",
        "%(number)s closings that have stopped and need a person",
        n,
    ),
    "unclaimed": lambda n: ngettext(
        "%(number)s case that nobody has taken", "%(number)s cases that nobody has taken", n
    ),
    "unread": lambda n: ngettext(
        "%(number)s message of a customer that nobody has read",
        "%(number)s messages of customers that nobody has read",
        n,
    ),
    "tickets": lambda n: ngettext("%(number)s open ticket", "%(number)s open tickets", n),
    "approvals": lambda n: ngettext(
        "%(number)s refund that waits for two people",
        "%(number)s refunds that wait for two people",
        n,
    ),
    "failed": lambda n: ngettext(
        "%(number)s refund that came back", "%(number)s refunds that came back", n
    ),
    "late": lambda n: ngettext(
        "%(number)s refund that has not arrived in time",
        "%(number)s refunds that have not arrived in time",
        n,
    ),
}

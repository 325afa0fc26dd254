"""What each task at the desk may see and do, in a sentence; `words.py` takes them in."""

from django.utils.translation import gettext_lazy as _

from signoff.accounts.models import Role

STAFF_WORDS: dict[str, dict[str, object]] = {
    "task": {
        Role.REVIEWER.value: _(
            "Sees cases with their papers, decides on them, and writes to customers and calls them."
        ),
        Role.HOTLINE.value: _(
            "Finds the case of somebody who calls, verifies them, tells how things stand and files"
            " tickets; sees no papers."
        ),
        Role.FINANCE.value: _(
            "Sees refunds, bank files, disputes and the books, and approves large refunds together"
            " with a colleague."
        ),
        Role.AUDITOR.value: _(
            "Reads cases, the record and the books, and changes nothing; sees no papers."
        ),
        Role.ADMIN.value: _(
            "Gives cases to reviewers, invites colleagues and changes their tasks; sees no papers."
        ),
    },
}

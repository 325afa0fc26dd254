"""What a person takes along of the number of their paper: that it is kept, and not the number."""

from typing import Any

from signoff.accounts.models import Account
from signoff.evidence.registered import known_as_of


def registered_number_taken(account: Account) -> list[dict[str, Any]]:
    """One row (one query). The number is sealed, to be compared with a photo and for nothing else:
    in a file that lies about it would be worth more to a thief than to its owner, who has the paper.
    """
    as_of = known_as_of(account)
    return [
        {
            "number_is_kept": as_of is not None,
            "as_of": as_of.isoformat() if as_of else None,
        }
    ]

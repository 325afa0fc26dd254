"""The sign-ins of customers: a user name and an e-mail address, and no password.

A customer chooses the first password by "forgotten password": nobody else ever knows it.
"""

from collections.abc import Mapping, Sequence

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from signoff.accounts.importing.merging import (
    Counts,
    Kind,
    Merged,
    Wanted,
    batches,
    fetch_where,
    merge,
)
from signoff.accounts.importing.rows import CustomerRow
from signoff.accounts.models import Account, User
from signoff.sheets.problems import Place

_USERS = Kind(User, "username", ("username", "email"), unique={"username": "username"})
_ADDRESSES = Kind(
    EmailAddress,
    "email",
    ("email", "verified"),
    unique={"email": "email"},
    occupies=lambda address: address.verified,  # anybody can write down an address not their own
)


def merge_sign_ins(
    customers: Sequence[tuple[Place, CustomerRow]], known: Mapping[str, Account]
) -> Merged[User]:
    """The users by account number. `known` are the accounts that are there already.

    The carrier's e-mail address becomes that of the sign-in when it is new or has changed at the
    carrier; one that the customer has changed here stays. Closed accounts are left out.
    """
    open_ones = [
        (place, row)
        for place, row in customers
        if row.account not in known or known[row.account].closed_at is None
    ]
    of_account = {
        account.user_id: number for number, account in known.items() if account.user_id is not None
    }
    existing = {of_account[user.pk]: user for user in fetch_where(User, "pk", list(of_account))}
    readdressed = {
        row.account
        for _place, row in open_ones
        if row.account not in existing or known[row.account].email != row.email
    }
    merged = merge(
        _USERS,
        [Wanted(place, row.account, _user(row)) for place, row in open_ones],
        existing=existing,
        hold=lambda user, _wanted: () if of_account[user.pk] in readdressed else ("email",),
    )
    addresses = _merge_addresses(
        [(place, row) for place, row in open_ones if row.account in readdressed], merged
    )
    merged.problems.extend(addresses.problems)
    left_out = len(customers) - len(open_ones)
    counts = merged.counts
    merged.counts = Counts(counts.created, counts.changed, counts.unchanged, counts.kept + left_out)
    return merged


def _user(row: CustomerRow) -> User:
    return User(username=row.sign_in_name, email=row.sign_in_email, password=make_password(None))


def _merge_addresses(
    customers: Sequence[tuple[Place, CustomerRow]], users: Merged[User]
) -> Merged[EmailAddress]:
    """The primary address of each user whose address is new; its owner was known to the carrier."""
    of_user = {user.pk: number for number, user in users.rows.items()}
    emails = {row.account: row.sign_in_email for _place, row in customers}
    existing: dict[str, EmailAddress] = {}
    second_ones: list[int] = []
    for address in fetch_where(
        EmailAddress, "user_id", [users.rows[n].pk for n in emails if n in users.rows]
    ):
        number = of_user[address.user_id]
        if address.primary:
            existing[number] = address
        elif address.email == emails[number]:
            second_ones.append(address.pk)
    for batch in batches(second_ones):
        EmailAddress.objects.filter(pk__in=batch).delete()
    return merge(
        _ADDRESSES,
        [
            Wanted(
                place,
                row.account,
                EmailAddress(
                    user_id=users.rows[row.account].pk,
                    email=row.sign_in_email,
                    verified=True,
                    primary=True,
                ),
            )
            for place, row in customers
            if row.account in users.rows
        ],
        existing=existing,
    )

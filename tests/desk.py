"""The desk as a reviewer's browser sees it, and cases in the states that reviewers meet."""

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.test import Client

from signoff.accounts.models import User
from signoff.closing.models import Case
from signoff.kernel.clock import now
from signoff.ports.errors import Permanent
from signoff.termination import operations as termination
from signoff.termination.operations import Outcome
from signoff.termination.queries import receipts
from signoff.termination.rules import StepKind
from tests.world import Customer, approved, reviewer

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_second_factor(user: User) -> User:
    """The user has an authenticator app."""
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(SECRET)}
    )
    return user


def at_the_desk(user: User | None = None) -> Client:
    """A browser in which one of the staff is signed in, with the second factor."""
    user = with_second_factor(user or reviewer())
    client = Client()
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password"}, {"method": "mfa"}]
    session["desk_language"] = "en"  # they have been here before
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def proven(client: Client, *, seconds_ago: int = 0) -> Client:
    """The same browser, in which its reader has shown once more that it is them."""
    session = client.session
    proof = {"method": "mfa", "reauthenticated": True, "at": now().timestamp() - seconds_ago}
    session[AUTHENTICATION_METHODS_SESSION_KEY] += [proof]
    session.save()
    return client


def stopped_at(who: Customer, kind: StepKind, *, raw: str = "") -> Case:
    """A closing that has come to a step of this kind, and there met an error for a person."""
    case = approved(who)
    assert case.due_at is not None
    held = termination.take_hold(case_id=case.pk, now=case.due_at)
    assert held is not None
    for receipt in receipts(held):
        termination.intend(case=held, receipt=receipt, now=case.due_at)
        if receipt.kind == kind.value:
            error = Permanent("hlr", "the subscriber is locked", raw=raw)
            termination.stop_for_person(case=held, receipt=receipt, error=error, now=case.due_at)
            return held
        done = Outcome("delivered", reference="R-1")
        termination.finish_step(case=held, receipt=receipt, outcome=done, now=case.due_at)
    raise AssertionError(f"the plan has no step {kind}")

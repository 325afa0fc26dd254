"""Steps inside our own house: sign-ins and the certificate."""

from signoff.accounts import operations as accounts
from signoff.closing.rules import Scope
from signoff.config import config
from signoff.evidence import registered
from signoff.kernel.keys import load
from signoff.sagas.run import Run, Step
from signoff.termination import operations as termination
from signoff.termination.attestation import content_of
from signoff.termination.certificate import sign
from signoff.termination.models import Receipt
from signoff.termination.operations import Outcome


def _nothing_remote(_run: Run, _receipt: Receipt) -> Outcome:
    return Outcome("ended")


def _end_sign_ins(run: Run, _receipt: Receipt, _outcome: Outcome) -> None:
    """With the account all sign-ins end; with a line all but the one that asked for it."""
    whole = run.case.scope == Scope.ACCOUNT.value
    if whole:
        accounts.close_account(account=run.case.account_id, now=run.now())
        registered.forget(account=run.case.account_id)
    accounts.end_sign_ins(
        account=run.case.account_id,
        except_mark="" if whole else run.case.confirmed_in_session,
    )


def _certify(_run: Run, _receipt: Receipt) -> Outcome:
    return Outcome("issued")


def _certified(run: Run, _receipt: Receipt, _outcome: Outcome) -> None:
    content = content_of(case=run.case, receipts=run.receipts, now=run.now())
    document = sign(content, load(config().signing_key_file))
    termination.keep_certificate(case=run.case, document=document, now=run.now())


end_sign_ins = Step(_nothing_remote, _end_sign_ins)
certify = Step(_certify, _certified)

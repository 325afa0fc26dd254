"""ISO 20022 reason codes in words, and what can be done.

Source: External Code Sets, ExternalStatusReason1Code, and EPC132-08's list of codes for rejects.
"""

from signoff.kernel.words import gettext_noop as _
from signoff.ports.bank_files import Remedy

DUPLICATE = frozenset({"AM05", "DU01", "DU02", "DU03", "DU04", "DU05", "DUPL", "RF01"})
"""The bank has it already. The one that came first may have been paid: nothing is known dead."""

_ACCOUNT = {
    "AC01": _("The bank does not know this account number."),
    "AC03": _("The holder’s account number is wrong."),
    "AC04": _("The account is closed."),
    "AC06": _("The account is blocked."),
    "AC07": _("The holder’s account is closed."),
    "AC14": _("The holder’s account is of a kind that takes no transfers."),
    "AG01": _("The account takes no transfers."),
    "AG03": _("The holder’s bank does not take part in this kind of transfer."),
    "AM03": _("The holder’s bank does not take this currency."),
    "BE01": _("The name is not the one that the account’s bank knows."),
    "BE06": _("The bank does not know the holder."),
    "CNOR": _("The holder’s bank cannot be reached by this kind of transfer."),
    "MS02": _("The holder refused the transfer."),
    "RC01": _("The BIC is wrong."),
    "RC04": _("The BIC of the holder’s bank is wrong."),
    "RC07": _("The BIC of the holder’s bank is wrong."),
}
_PERSON = {
    "AC02": _("Your own account number is wrong: see SIGNOFF_PAYOUT_IBAN."),
    "AC05": _("Your own account is closed."),
    "AC13": _("Your own account is of a kind that makes no such transfers."),
    "AG02": _("The bank does not know this kind of order."),
    "AM01": _("The amount is zero."),
    "AM02": _("The amount is more than the bank allows."),
    "AM04": _("Your own account does not have enough money."),
    "AM07": _("The bank has blocked the amount."),
    "AM09": _("The amount is wrong."),
    "AM10": _("The sum of the file does not fit its transfers."),
    "AM14": _("The amount is more than agreed with your bank."),
    "AM18": _("The number of transfers does not fit the file."),
    "BE04": _("The holder’s address is missing."),
    "BE05": _("The bank does not know you as the sender of this file."),
    "BE22": _("The holder’s name is missing."),
    "CH03": _("The execution date is too far away."),
    "CH04": _("The execution date is over."),
    "CUST": _("The order was cancelled at your own wish."),
    "DNOR": _("Your own bank cannot be reached by this kind of transfer."),
    "DS02": _("Somebody of yours cancelled the order at the bank."),
    "DS0H": _("The person who signed may not sign for this account."),
    "DT01": _("A date in the file is wrong."),
    "ED05": _("The banks could not settle the transfer among themselves."),
    "FF01": _("The bank cannot read the file."),
    "FF10": _("The bank had a technical fault."),
    "MD07": _("The holder has died."),
    "MS03": _("The bank gives no reason."),
    "NARR": _("The bank gives its reason in its own words."),
    "RC03": _("The BIC of your own bank is wrong."),
    "RR01": _("By law the bank needs your own account or number."),
    "RR02": _("By law the bank needs your own name and address."),
    "RR03": _("By law the bank needs the holder’s name and address."),
    "RR04": _("The law forbids the transfer; the bank gives no more."),
    "TM01": _("The file came too late in the day."),
}
_REPEATED = _(
    "The bank has this order already. Look at what became of the first before anything is sent again."
)


def words(code: str) -> str:
    """English, for the catalogue; empty if the code is none that we know."""
    if code in DUPLICATE:
        return _REPEATED
    return _ACCOUNT.get(code) or _PERSON.get(code, "")


def remedy(code: str) -> Remedy:
    """Of a transfer that came back. What we do not know goes to a person."""
    return Remedy.OTHER_ACCOUNT if code in _ACCOUNT else Remedy.PERSON

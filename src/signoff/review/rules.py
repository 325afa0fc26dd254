"""Why a closing may be refused: a short, closed list, each a legal ground. Pure."""

import enum


class RefusalReason(enum.Enum):
    """Grounds that a reviewer may give. "We would like to keep you" is not among them."""

    NOT_THE_OWNER = "not_the_owner"
    CONTRACT_BOUND = "contract_bound"
    COURT_ORDER = "court_order"
    FRAUD_CHECK = "fraud_check"

"""What the operator has set, from the environment, checked once at start.

Names are `SIGNOFF_` and the field's name in capitals; DATABASE_URL stands alone by custom.
`signoff check` prints them line by line.
"""

from functools import lru_cache

from signoff.config.settings import Config
from signoff.policies.load import Policies
from signoff.policies.load import policies as load_policies

__all__ = ["Config", "config", "policies"]


@lru_cache(maxsize=1)
def config() -> Config:
    """The settings, read once. Raises pydantic.ValidationError naming each wrong one."""
    return Config()


@lru_cache(maxsize=1)
def policies() -> Policies:
    """The rule packs with the operator's own values, read once. Raises PolicyError."""
    return load_policies(config().policy_file)

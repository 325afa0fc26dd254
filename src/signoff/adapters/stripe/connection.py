"""The official client, set up as we need it, and its errors as ours."""

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
import stripe
from pydantic import ValidationError

from signoff.adapters.stripe.problems import translated
from signoff.kernel.errors import InvalidValue
from signoff.ports.errors import Permanent


class StripeConnection:
    """Implements `ports.health.Reachable`; base of what speaks with Stripe.

    base_url: without a slash at its end. timeout: seconds for each answer.

    The client's own repeats are off: the saga repeats, and it asks before.
    Stripe forgets an Idempotency-Key after 24 hours at the earliest, the metadata never.
    """

    def __init__(
        self, api_key: str, base_url: str = "https://api.stripe.com", timeout: float = 30.0
    ) -> None:
        self._host = urlsplit(base_url).netloc
        session = requests.Session()
        # An answer that comes twice on a kept connection would answer the next request.
        session.headers["Connection"] = "close"
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": base_url.rstrip("/")},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=timeout, session=session),
        )

    def ping(self) -> str:
        """Asks with the key; raises RemoteError."""
        with typed():
            self._client.v1.refunds.list({"limit": 1})
        return f"Stripe at {self._host}"


@contextlib.contextmanager
def typed() -> Iterator[None]:
    """What the client raises inside becomes Temporary or Permanent."""
    try:
        yield
    except stripe.StripeError as error:
        raise translated(error) from error
    except (AttributeError, TypeError, KeyError, ValidationError, InvalidValue) as error:
        # The client trusts the shape of an answer, and stumbles over one that is not Stripe's.
        raise Permanent("payments", "Stripe's answer cannot be read", raw=_told(error)) from error


def _told(error: Exception) -> str:
    """Of a model only where it does not fit: the rest may be somebody's."""
    if isinstance(error, ValidationError):
        return str(error.errors(include_url=False, include_input=False, include_context=False))
    return repr(error)

"""An Idempotency-Key answers the same again. docs.stripe.com/api/idempotent_requests."""

import asyncio
import hashlib
import json
from collections.abc import Callable

from starlette.requests import Request

from signoff.carrier_box.payments.wire import Form, StripeError
from signoff.carrier_box.store import BoxStore, Kind, Row

_HEADER = "idempotency-key"
_LONGEST = 255


class Keys:
    """The keys of one account, over all its endpoints."""

    def __init__(self, store: BoxStore) -> None:
        self._store = store
        self._turn = asyncio.Lock()

    async def once(self, request: Request, given: Form, make: Callable[[str], Row]) -> Row:
        """`make(key)`, the first time; the same answer ever after. All in one transaction."""
        key = request.headers.get(_HEADER, "")
        if len(key) > _LONGEST:
            raise StripeError("Idempotency keys are at most 255 characters long.")
        async with self._turn:
            with self._store.transaction():
                return self._once(key, [request.url.path, *map(list, sorted(given.items()))], make)

    def _once(self, key: str, asked: list[object], make: Callable[[str], Row]) -> Row:
        print_of_it = hashlib.sha256(json.dumps(asked).encode()).hexdigest()
        known = self._store.get(Kind.PAYMENT_KEYS, key) if key else None
        if known is None:
            made = make(key)
            if key:
                self._store.put(Kind.PAYMENT_KEYS, key, {"asked": print_of_it, "answer": made})
            return made
        if known["asked"] != print_of_it:
            raise StripeError(
                "Keys for idempotent requests can only be used with the same parameters they "
                "were first used with.",
                kind="idempotency_error",
            )
        answer: Row = known["answer"]
        return answer

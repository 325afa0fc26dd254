"""How Stripe's API is spoken: forms in, JSON out, errors in its words, lists by pages."""

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from signoff.carrier_box.store import Row

Handler = Callable[[Request], Awaitable[Row]]
Form = dict[str, str]
_KEYS = ("sk_", "rk_")


class StripeError(Exception):
    """An error as Stripe words it in JSON."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {
                name: value
                for name, value in (
                    ("type", kind), ("message", message), ("code", code), ("param", param),
                )
                if value is not None
            }
        }  # fmt: skip


def spoken(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """`handler` behind the API key, with its errors as JSON."""

    async def answered(request: Request) -> Response:
        try:
            _check_api_key(request)
            return JSONResponse(await handler(request))
        except StripeError as error:
            return JSONResponse(error.body, status_code=error.status)

    return answered


def busy() -> Response:
    """Stripe's "not now"."""
    return _answer("Too many requests.", 429, "rate_limit", "rate_limit_error")


def refused() -> Response:
    """Stripe's "no"."""
    return _answer("Your account cannot do this.", 403, "account_invalid")


def _answer(message: str, status: int, code: str, kind: str = "invalid_request_error") -> Response:
    error = StripeError(message, status=status, code=code, kind=kind)
    return JSONResponse(error.body, status_code=error.status)


def _check_api_key(request: Request) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not key.startswith(_KEYS):
        raise StripeError("Invalid API Key provided.", status=401, code="api_key_invalid")


def missing(what: str) -> StripeError:
    """Nothing has this id."""
    return StripeError(f"No such {what}", code="resource_missing", status=404)


async def form(request: Request) -> Form:
    """The body. Raises StripeError."""
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body)))
    except ValueError as error:
        raise StripeError("Invalid request body: not form-encoded.") from error


def known_only(given: Form, allowed: set[str]) -> None:
    """Raises StripeError for a parameter that is not among `allowed`."""
    for name in given:
        if name not in allowed:
            raise StripeError(
                f"Received unknown parameter: {name}", code="parameter_unknown", param=name
            )


def split_metadata(given: Form, name: str = "metadata") -> tuple[Form, Form]:
    """(the rest, `name[…]` without its brackets)."""
    begin = f"{name}["
    inner = {
        key[len(begin) : -1]: value
        for key, value in given.items()
        if key.startswith(begin) and key.endswith("]")
    }
    return {key: value for key, value in given.items() if not key.startswith(begin)}, inner


def whole(text: str, param: str) -> int:
    """A whole number above nothing. Raises StripeError."""
    if not text.isascii() or not text.isdigit():
        raise StripeError(f"Invalid integer: {text}", code="parameter_invalid_integer", param=param)
    if int(text) < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param=param)
    return int(text)


def listing(rows: Sequence[Row], query: QueryParams, url: str, what: str) -> Row:
    """One page (limit, starting_after) of `rows`, which are newest first."""
    if after := query.get("starting_after"):
        places = [place for place, row in enumerate(rows) if row["id"] == after]
        if not places:
            raise missing(what)
        rows = rows[places[0] + 1 :]
    limit = whole(query.get("limit", "10"), "limit")
    return {"object": "list", "url": url, "has_more": len(rows) > limit, "data": rows[:limit]}


def expanded(query: QueryParams) -> set[str]:
    """What is to come whole and not as an id: expand[]=…, expand[0]=…"""
    return {value for name, value in query.multi_items() if name.startswith("expand[")}

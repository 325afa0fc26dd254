"""A page on which a person sees what the carrier's telephones, mailboxes and network show."""

from datetime import datetime
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from signoff.carrier_box import totp
from signoff.carrier_box.amounts import amount_words
from signoff.carrier_box.inbox_page import Inbox, Row, page
from signoff.carrier_box.inbox_words import words_for
from signoff.carrier_box.store import BoxStore, Kind
from signoff.kernel.clock import now

_SHOWN = 100
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Language",
}


def routes(store: BoxStore) -> list[Route]:
    """`/` and its stylesheet."""

    async def show(request: Request) -> Response:
        words = words_for(request.headers.get("accept-language", ""))
        inbox = gathered(store, request.query_params.get("find", "").strip(), now())
        return HTMLResponse(page(inbox, words), headers=_HEADERS)

    async def stylesheet(_request: Request) -> Response:
        return Response(_stylesheet(), media_type="text/css")

    return [
        Route("/", show, methods=["GET"]),
        Route("/inbox.css", stylesheet, methods=["GET"]),
    ]


@cache
def _stylesheet() -> str:
    return files("signoff.carrier_box").joinpath("inbox.css").read_text("utf-8")


def gathered(store: BoxStore, wanted: str, at: datetime) -> Inbox:
    """Newest first. `wanted`: a part of a number or of a mail address; "" for everything."""
    digits = wanted.lstrip("+").replace(" ", "").casefold()
    texts = [
        row
        for row in reversed(store.all(Kind.MESSAGES).values())
        if digits in row["number"].casefold()
    ]
    letters = [
        row
        for row in reversed(store.all(Kind.LETTERS).values())
        if any(wanted.casefold() in recipient.casefold() for recipient in row["recipients"])
    ]
    subscribers = [row for row in _subscribers(store) if digits in row[0]]
    return Inbox(
        wanted=wanted,
        texts=texts[:_SHOWN],
        letters=letters[:_SHOWN],
        subscribers=subscribers[:_SHOWN],
        refunds=_refunds(store)[:_SHOWN],
        codes=[_code(row, at) for row in store.all(Kind.AUTHENTICATOR).values()],
    )


def _subscribers(store: BoxStore) -> list[tuple[str, str, str]]:
    """Those who are gone first, then those without service: what changed is what one looks for."""
    there = [
        (row["msisdn"], imsi, "yes" if row["nam_cs"] or row["nam_ps"] else "no")
        for imsi, row in store.all(Kind.SUBSCRIBERS).items()
    ]
    gone = [(number, row["imsi"], "gone") for number, row in store.all(Kind.GONE_NUMBERS).items()]
    return sorted(gone + there, key=lambda row: ("gone", "no", "yes").index(row[2]))


def _refunds(store: BoxStore) -> list[tuple[str, str, str]]:
    keys = {
        row["answer"]["id"]: key for key, row in store.all(Kind.PAYMENT_KEYS).items()
    }  # fmt: skip
    return [
        (
            row["payment_intent"] or row["charge"] or "",
            amount_words(row["amount"], row["currency"]),
            keys.get(refund_id, ""),
        )
        for refund_id, row in reversed(store.all(Kind.REFUNDS).items())
    ]


def _code(row: Row, at: datetime) -> tuple[str, str | None, int]:
    try:
        return str(row["user"]), totp.code(str(row["secret"]), at), totp.seconds_left(at)
    except ValueError:
        return str(row["user"]), None, 0

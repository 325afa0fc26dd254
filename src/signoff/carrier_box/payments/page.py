"""The payment page: what the customer sees at the payment service. Works without a script."""

from functools import cache
from html import escape
from importlib.resources import files
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from signoff.carrier_box.amounts import amount_words
from signoff.carrier_box.payments.events import Events
from signoff.carrier_box.payments.page_words import Words, words_for
from signoff.carrier_box.payments.refunds import NotPossible
from signoff.carrier_box.payments.sessions import Sessions
from signoff.carrier_box.store import Row

_WAITS_SECONDS = 2.0
"""As Stripe does: the operator should know of it when the customer comes back."""
_BUTTONS = (("pay", "first"), ("decline", ""), ("cancel", ""))


class PaymentPages:
    """`/pay/{id}`: read it, and press one of its buttons."""

    def __init__(self, sessions: Sessions, events: Events) -> None:
        self._sessions = sessions
        self._events = events

    def routes(self) -> list[Route]:
        """The page and its stylesheet."""

        async def stylesheet(_request: Request) -> Response:
            return Response(_stylesheet(), media_type="text/css")

        return [
            Route("/pay.css", stylesheet, methods=["GET"]),
            Route("/pay/{id}", self.show, methods=["GET"]),
            Route("/pay/{id}", self.press, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page as it stands."""
        row = self._sessions.known(request.path_params["id"])
        if row is None:
            words = words_for("auto", request.headers.get("accept-language", ""))
            return HTMLResponse(_page(words["unknown"], "", words), 404, _headers(None))
        return self._shown(request, row, 200)

    async def press(self, request: Request) -> Response:
        """Pays, is declined, or goes back; all of it only on a page that is open."""
        row = self._sessions.known(request.path_params["id"])
        if row is None:
            return await self.show(request)
        does = dict(parse_qsl((await request.body()).decode(errors="replace"))).get("does", "")
        if does not in {name for name, _ in _BUTTONS}:
            return self._shown(request, row, 400, complaint="unclear")
        if does == "cancel":
            return RedirectResponse(row["cancel_url"] or row["success_url"], 303)
        try:
            self._sessions.act(row["id"], does)
        except NotPossible:
            return self._shown(request, self._sessions.known(row["id"]) or row, 409)
        await self._events.sent(_WAITS_SECONDS)
        return RedirectResponse(row["success_url"] if does == "pay" else request.url.path, 303)

    def _shown(self, request: Request, row: Row, status: int, complaint: str = "") -> Response:
        words = words_for(row["locale"], request.headers.get("accept-language", ""))
        body = _open(row, complaint, words) if row["status"] == "open" else _closed(row, words)
        amount = amount_words(row["amount_total"], row["currency"])
        content = f'<p class="amount">{escape(amount)}</p>{body}'
        return HTMLResponse(_page(row["title"], content, words), status, _headers(row))


def _open(row: Row, complaint: str, words: Words) -> str:
    complaint = complaint or ("declined" if row["payment_intent"] else "")
    alert = f'<p class="bad" role="alert">{escape(words[complaint])}</p>' if complaint else ""
    buttons = "".join(
        f'<button name="does" value="{name}" class="{look}">{escape(words[name])}</button>'
        for name, look in _BUTTONS
    )
    return (
        f'{alert}<form method="post">{buttons}</form><p class="small">{escape(words["choose"])}</p>'
    )


def _closed(row: Row, words: Words) -> str:
    state = "expired" if row["status"] == "expired" else "complete"
    if state == "complete" and row["payment_status"] != "paid":
        state = "under_way"
    back = row["cancel_url"] if state == "expired" and row["cancel_url"] else row["success_url"]
    return (
        f'<p>{escape(words[state])}</p><p><a href="{escape(back)}">{escape(words["back"])}</a></p>'
    )


def _page(title: str, content: str, words: Words) -> str:
    return (
        f'<!doctype html><html lang="{words["lang"]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/pay.css"></head>'
        f"<body><main><h1>{escape(title)}</h1>{content}"
        f'<p class="small">{escape(words["about"])}</p></main></body></html>'
    )


def _headers(row: Row | None) -> dict[str, str]:
    """A form may lead only to us and, by our redirect, back to who ordered the page."""
    back = (
        {_origin(row[name]) for name in ("success_url", "cancel_url") if row[name]} if row else ()
    )
    forms = " ".join(["'self'", *sorted(back)])
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'self'; form-action {forms}; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@cache
def _stylesheet() -> str:
    return files("signoff.carrier_box.payments").joinpath("page.css").read_text("utf-8")

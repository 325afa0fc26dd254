"""Logs: one JSON line an event, without personal data; readable lines on a terminal."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_IN_ADDRESS = re.compile(r"/(phone|feeds)/[^/\s.]+")
_ROW = re.compile(
    r"^DETAIL:.*?(?=^\n(?:The above exception was|During handling of the above)|\Z)",
    re.DOTALL | re.MULTILINE,
)


def without_tokens(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """Addresses that open something for whoever has them: what opens it is not for a log."""
    return {
        name: _IN_ADDRESS.sub(r"/\1/…", value) if isinstance(value, str) else value
        for name, value in event.items()
    }


def without_rows(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """PostgreSQL repeats the row that it refuses, with names, numbers and all that was written."""
    if "exception" not in event:
        return event
    return {**event, "exception": _ROW.sub("DETAIL: …\n", str(event["exception"]))}


def configure(_: dict[str, Any]) -> None:
    """Called by Django at set-up."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_tokens,
                without_rows,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("dbos", "httpx", "httpcore", "stripe", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)

"""What the carrier knows, and what was really done to it.

One small SQLite file, so that a closed line stays closed when the demo is started again. Rows are
JSON objects under a kind and an id. Beside them stands the log of *effects*: one row for each
thing that really changed, so that a test can count that it happened once.
"""

import enum
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]

_SCHEMA = """
create table if not exists row (
    kind text not null,
    id text not null,
    body text,
    place integer primary key autoincrement,
    unique (kind, id)
);
create table if not exists effect (
    sequence integer primary key autoincrement,
    system text not null,
    operation text not null,
    subject text not null,
    key text not null
);
create table if not exists counter (name text primary key, value integer not null);
"""


class Kind(enum.StrEnum):
    """Everything that the carrier keeps."""

    SUBSCRIBERS = "subscribers"  # id: IMSI
    PROFILES = "profiles"  # id: ICCID without padding
    SERVICES = "services"  # id: the service's
    SERVICE_ORDERS = "service_orders"  # id: the order's
    PAYMENTS = "payments"  # id: the payment service's reference
    REFUNDS = "refunds"  # id: the refund's
    PAYMENT_KEYS = "payment_keys"  # id: Idempotency-Key
    CHECKOUT_SESSIONS = "checkout_sessions"  # id: the payment page's
    PAYMENT_EVENTS = "payment_events"  # id: the event's; what the payment service told the operator
    MESSAGES = "messages"  # id: the SMSC's message id
    LETTERS = "letters"  # id: Message-ID
    GONE_NUMBERS = "gone_numbers"  # id: digits that were a subscriber's, and are nobody's now
    PUSH_SUBSCRIPTIONS = "push_subscriptions"  # id: the browser's own
    PUSH_MESSAGES = "push_messages"  # id: the message's; what waits for a browser
    PUSH_ENDED = "push_ended"  # id: last part of an endpoint that takes nothing more
    AUTHENTICATOR = "authenticator"  # id: the user; user, secret (base32): the demo's second factor
    NOTIFICATIONS = (
        "notifications"  # id: function call identifier; what the SM-DP+ told the operator
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that really changed. `subject` is what it changed, `key` who asked (may be "")."""

    sequence: int
    system: str
    operation: str
    subject: str
    key: str


class BoxStore:
    """The state of the box in `path`, or in memory without one. Any thread may use it."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(
            str(path) if path else ":memory:", check_same_thread=False, isolation_level=None
        )
        if path:
            self._connection.execute("pragma journal_mode = wal")
            # a crash of the box loses nothing; only a power cut might lose the last moments
            self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a change and its effect belong in one. May be nested."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("rollback")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("commit")

    def put(self, kind: Kind, identity: str, row: Mapping[str, Any]) -> None:
        """Writes the whole row, new or not."""
        with self.transaction():
            self._connection.execute(
                "insert into row (kind, id, body) values (?, ?, ?) "
                "on conflict (kind, id) do update set body = excluded.body",
                (kind, identity, json.dumps(dict(row), ensure_ascii=False)),
            )

    def put_new(self, kind: Kind, identity: str, row: Mapping[str, Any]) -> bool:
        """Writes the row unless this id was ever there, also one deleted since: then False."""
        with self.transaction():
            written = self._connection.execute(
                "insert into row (kind, id, body) values (?, ?, ?) on conflict do nothing",
                (kind, identity, json.dumps(dict(row), ensure_ascii=False)),
            )
            return written.rowcount == 1

    def get(self, kind: Kind, identity: str) -> Row | None:
        """The row, or None if there is none or it was deleted."""
        with self._lock:
            found = self._connection.execute(
                "select body from row where kind = ? and id = ? and body is not null",
                (kind, identity),
            ).fetchone()
        return None if found is None else _row(found[0])

    def all(self, kind: Kind) -> dict[str, Row]:
        """Every row of the kind by id, oldest first."""
        with self._lock:
            found = self._connection.execute(
                "select id, body from row where kind = ? and body is not null order by place",
                (kind,),
            ).fetchall()
        return {identity: _row(body) for identity, body in found}

    def delete(self, kind: Kind, identity: str) -> bool:
        """Takes the row away and remembers that it was there. False if there is none."""
        with self.transaction():
            gone = self._connection.execute(
                "update row set body = null where kind = ? and id = ? and body is not null",
                (kind, identity),
            )
            return gone.rowcount == 1

    def next_number(self, name: str) -> int:
        """1, 2, 3, … for each name; survives a restart."""
        with self.transaction():
            (value,) = self._connection.execute(
                "insert into counter values (?, 1) "
                "on conflict (name) do update set value = value + 1 returning value",
                (name,),
            ).fetchone()
            return int(value)

    def record_effect(self, system: str, operation: str, subject: str, key: str = "") -> None:
        """Notes that something really changed. Call it in the transaction of the change."""
        with self.transaction():
            self._connection.execute(
                "insert into effect (system, operation, subject, key) values (?, ?, ?, ?)",
                (system, operation, subject, key),
            )

    def effects(self, system: str | None = None) -> list[Effect]:
        """Everything that really changed, in order; of one system if it is named."""
        with self._lock:
            found = self._connection.execute(
                "select sequence, system, operation, subject, key from effect "
                "where ?1 is null or system = ?1 order by sequence",
                (system,),
            ).fetchall()
        return [Effect(*columns) for columns in found]

    def reset(self) -> None:
        """Forgets everything."""
        with self.transaction():
            for table in ("row", "effect", "counter"):
                self._connection.execute(f"delete from {table}")  # noqa: S608  names are ours

    def close(self) -> None:
        """Closes the file; what was written stays."""
        with self._lock:
            self._connection.close()


def _row(body: str) -> Row:
    row: Row = json.loads(body)
    return row

"""Django's entry for the workflows: installs the engine for the chapters that give it commands."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from signoff.ports import payment_events
from signoff.ports.engine import install
from signoff.sagas.engine import DbosEngine, make_tables


def _make_tables(**_: object) -> None:
    """The engine's tables come and grow with ours: `signoff migrate` makes both."""
    make_tables()


def _event_reader() -> payment_events.EventReader:
    """Commands that no event ever reaches start faster without the adapters."""
    from signoff.wiring import event_reader  # noqa: PLC0415 - see above

    return event_reader()


class SagasConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.sagas"
    label = "sagas"

    def ready(self) -> None:
        """Chapters know the engine only as a port; the interface, the reader of events."""
        install(DbosEngine())
        payment_events.install(_event_reader)
        post_migrate.connect(_make_tables, sender=self, dispatch_uid="signoff.sagas")

"""Reading the record."""

from signoff.audit.models import AuditRow


def history(stream: str) -> list[AuditRow]:
    """What happened in `stream`, oldest first."""
    return list(AuditRow.objects.filter(stream=stream).order_by("seq"))

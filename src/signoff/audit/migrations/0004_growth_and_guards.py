"""Checkpoints are append-only too; every chain that is there already waits for the first one."""

from django.db import migrations
from django.db.models import Min

from signoff.audit import triggers


def install(apps, schema_editor):
    rows = apps.get_model("audit", "AuditRow").objects
    growth = apps.get_model("audit", "Growth")
    chains = rows.values("stream").annotate(oldest=Min("at")).order_by("stream")
    growth.objects.bulk_create(
        (growth(stream=chain["stream"], at=chain["oldest"]) for chain in chains.iterator()),
        batch_size=1000,
    )
    triggers.install(schema_editor.connection, triggers.CHECKPOINTS, triggers.HEADS)
    triggers.install_growth(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove_growth(schema_editor.connection)
    triggers.remove(schema_editor.connection, triggers.CHECKPOINTS, triggers.HEADS)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_checkpoints")]
    operations = [migrations.RunPython(install, remove)]

"""The database refuses to change the record, whoever asks."""

from django.db import migrations

from signoff.audit import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, triggers.ROWS)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, triggers.ROWS)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]

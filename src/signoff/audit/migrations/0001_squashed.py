import django.db.models.deletion
from django.db import migrations, models

from signoff.audit import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)
    triggers.install_growth(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove_growth(schema_editor.connection)
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('audit', '0001_initial'),
        ('audit', '0002_append_only'),
        ('audit', '0003_checkpoints'),
        ('audit', '0004_growth_and_guards'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('rows', models.PositiveBigIntegerField()),
                ('heads', models.PositiveIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('previous', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('public_key', models.CharField(max_length=64)),
                ('signature', models.CharField(max_length=128)),
            ],
        ),
        migrations.CreateModel(
            name='Growth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(db_index=True, max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=64)),
                ('seq', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('event', models.CharField(max_length=40)),
                ('actor', models.CharField(max_length=40)),
                ('facts', models.JSONField()),
                ('previous', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('stream', 'seq'), name='audit_one_row_a_place')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=64)),
                ('seq', models.PositiveIntegerField()),
                ('field', models.CharField(max_length=40)),
                ('salt', models.CharField(max_length=64)),
                ('value', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('stream', 'seq', 'field'), name='audit_one_opening_a_field')],
            },
        ),
        migrations.CreateModel(
            name='CheckpointHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=64)),
                ('since', models.PositiveIntegerField()),
                ('seq', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('proof', models.JSONField()),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chains', to='audit.checkpoint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('stream', 'seq'), name='audit_one_head_a_place')],
            },
        ),
        migrations.RunPython(install, remove),
    ]

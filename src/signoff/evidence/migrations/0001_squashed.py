import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('evidence', '0001_initial'),
        ('evidence', '0002_advice'),
        ('evidence', '0003_registered_numbers'),
    ]

    dependencies = [
        ('accounts', '0001_squashed'),
        ('closing', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wrapped', models.BinaryField()),
                ('key_id', models.CharField(db_index=True, max_length=16)),
                ('created_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='evidence_key', to='closing.case')),
            ],
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=32)),
                ('number', models.PositiveSmallIntegerField()),
                ('pages_left_out', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('ready', 'Ready'), ('replaced', 'Replaced'), ('removed', 'Removed'), ('erased', 'Erased')], max_length=8)),
                ('media_type', models.CharField(max_length=20)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('added_at', models.DateTimeField()),
                ('deleted_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='closing.case')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['ready', 'replaced', 'removed', 'erased'])), name='evidence_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('deleted_at', None), ('state', 'ready')), models.Q(models.Q(('state', 'ready'), _negated=True), ('deleted_at__isnull', False), ('sha256', '')), _connector='OR'), name='evidence_ready_or_gone'), models.UniqueConstraint(condition=models.Q(('state', 'ready')), fields=('case', 'kind', 'number'), name='evidence_one_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField(default=dict)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('given_at', models.DateTimeField(null=True)),
                ('evidence', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='advice', to='evidence.evidence')),
            ],
        ),
        migrations.CreateModel(
            name='RegisteredNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('key_id', models.CharField(db_index=True, max_length=16)),
                ('as_of', models.DateTimeField()),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='registered_number', to='accounts.account')),
            ],
        ),
        migrations.CreateModel(
            name='Viewing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='viewings', to='evidence.evidence')),
                ('viewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_viewings', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]

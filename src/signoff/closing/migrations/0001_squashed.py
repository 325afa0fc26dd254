import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('closing', '0001_initial'),
        ('closing', '0002_decided_at'),
        ('closing', '0003_settles_account'),
        ('closing', '0004_money'),
        ('closing', '0005_clock_stopped_on'),
        ('closing', '0006_rules_of_a_case'),
        ('closing', '0007_rules_filled_in'),
        ('closing', '0008_case_knows_its_rules'),
    ]

    dependencies = [
        ('accounts', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleBook',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('pack', models.CharField(max_length=2)),
                ('country', models.CharField(max_length=2)),
                ('version', models.CharField(max_length=40)),
                ('content', models.JSONField()),
                ('first_used_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=16, unique=True)),
                ('scope', models.CharField(choices=[('line', 'line'), ('account', 'account')], max_length=8)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('in_review', 'in_review'), ('more_info', 'more_info'), ('approved', 'approved'), ('cooling_off', 'cooling_off'), ('to_confirm', 'to_confirm'), ('closing', 'closing'), ('needs_attention', 'needs_attention'), ('closed', 'closed'), ('withdrawn', 'withdrawn'), ('refused', 'refused')], max_length=16)),
                ('language', models.CharField(max_length=10)),
                ('country', models.CharField(max_length=2)),
                ('reason', models.CharField(blank=True, choices=[('price', 'price'), ('coverage', 'coverage'), ('moving', 'moving'), ('other_carrier', 'other_carrier'), ('not_needed', 'not_needed'), ('service', 'service'), ('other', 'other'), ('not_said', 'not_said')], max_length=16)),
                ('reason_text', models.TextField(blank=True, max_length=1000)),
                ('contact_name', models.CharField(blank=True, max_length=120)),
                ('contact_email', models.EmailField(blank=True, max_length=254)),
                ('contact_phone', models.CharField(blank=True, max_length=20)),
                ('confirmed_in_session', models.CharField(blank=True, max_length=64)),
                ('settles_account', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('decide_by', models.DateField(null=True)),
                ('clock_stopped_on', models.DateField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('told_from', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True, max_length=1000)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('attempt', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('waiting_for', models.CharField(blank=True, max_length=16)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='accounts.account')),
                ('rules', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='closing.rulebook')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'submitted_at'], name='closing_cas_state_15d74a_idx'), models.Index(fields=['state', 'due_at'], name='closing_cas_state_f6940a_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'in_review', 'more_info', 'approved', 'cooling_off', 'to_confirm', 'closing', 'needs_attention', 'closed', 'withdrawn', 'refused'])), name='case_state_known'), models.CheckConstraint(condition=models.Q(('submitted_at', None), ('rules__isnull', False), _connector='OR'), name='case_knows_its_rules'), models.UniqueConstraint(condition=models.Q(('scope', 'account'), ('state__in', ['approved', 'closing', 'cooling_off', 'draft', 'in_review', 'more_info', 'needs_attention', 'submitted', 'to_confirm'])), fields=('account',), name='case_account_open_once')],
            },
        ),
        migrations.CreateModel(
            name='CaseLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_open', models.BooleanField(default=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='case_lines', to='closing.case')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='case_lines', to='accounts.line')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'line'), name='case_line_once'), models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('line',), name='line_in_one_open_case')],
            },
        ),
    ]

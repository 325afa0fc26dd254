import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('review', '0001_initial'),
        ('review', '0002_rounds_questions_appeals'),
    ]

    dependencies = [
        ('closing', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('assigned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='closing.case')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('kind', models.CharField(choices=[('proposed', 'Proposed'), ('final', 'Final')], default='final', max_length=8)),
                ('outcome', models.CharField(choices=[('approved', 'Approved'), ('refused', 'Refused')], max_length=10)),
                ('reason_code', models.CharField(blank=True, max_length=24)),
                ('text', models.TextField(blank=True, max_length=1000)),
                ('decided_at', models.DateTimeField()),
                ('decide_by', models.DateField(null=True)),
                ('in_time', models.BooleanField(null=True)),
                ('is_current', models.BooleanField(default=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('is_released', models.BooleanField(default=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='closing.case')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'is_current', 'decided_at'], name='review_deci_kind_ad8820_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome', 'approved'), models.Q(('outcome', 'refused'), models.Q(('reason_code', ''), _negated=True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='refusal_has_reason'), models.CheckConstraint(condition=models.Q(('kind', 'final'), models.Q(('kind', 'proposed'), ('outcome', 'approved')), _connector='OR'), name='decision_kind_known'), models.CheckConstraint(condition=models.Q(('round__in', [1, 2])), name='decision_round_known'), models.CheckConstraint(condition=models.Q(('is_current', False), ('undone_at', None), _connector='OR'), name='decision_stands_or_undone'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('case', 'reviewer'), name='decision_one_a_person'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('case', 'round', 'kind'), name='decision_one_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=1000)),
                ('appealed_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='closing.case')),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='review.decision')),
            ],
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.JSONField()),
                ('text', models.TextField(max_length=1000)),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateField()),
                ('stops_clock', models.BooleanField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('days_waited', models.PositiveSmallIntegerField(default=0)),
                ('answer', models.TextField(blank=True, max_length=1000)),
                ('answered_at', models.DateTimeField(null=True)),
                ('lapsed_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='closing.case')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('case',), name='question_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('ended_at', None), ('lapsed_at', None), ('undone_at', None)), models.Q(('ended_at__isnull', False), models.Q(('answered_at__isnull', False), ('lapsed_at__isnull', False), ('undone_at__isnull', False), _connector='OR')), _connector='OR'), name='question_open_or_ended')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='closing.case')),
            ],
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('hotline', '0001_initial'),
        ('hotline', '0002_calls'),
    ]

    dependencies = [
        ('accounts', '0001_squashed'),
        ('closing', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('ours', 'ours'), ('theirs', 'theirs')], max_length=6)),
                ('first_word', models.PositiveSmallIntegerField()),
                ('second_word', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('denied_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='accounts.account')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='closing.case')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'started_at'], name='hotline_cal_account_fd4808_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account',), name='call_one_open'), models.CheckConstraint(condition=models.Q(('direction__in', ['ours', 'theirs'])), name='call_direction_known'), models.CheckConstraint(condition=models.Q(('first_word', models.F('second_word')), _negated=True), name='call_two_words'), models.CheckConstraint(condition=models.Q(('denied_at', None), models.Q(('ended_at', models.F('denied_at')), ('ended_at__isnull', False)), _connector='OR'), name='call_ends_by_a_no')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('method', models.CharField(choices=[('questions', 'Questions'), ('page', 'Page')], default='questions', max_length=9)),
                ('asked', models.JSONField()),
                ('answers_right', models.PositiveSmallIntegerField()),
                ('passed', models.BooleanField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verifications', to='accounts.account')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='said', to='hotline.call')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='verifications', to='closing.case')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'passed', 'at'], name='hotline_ver_account_a34e23_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answers_right__gte', 2), ('call', None), ('case__isnull', False), ('method', 'questions'), ('passed', True)), models.Q(('answers_right__lt', 2), ('call', None), ('case__isnull', False), ('method', 'questions'), ('passed', False)), models.Q(('answers_right', 0), ('call__isnull', False), ('method', 'page')), _connector='OR'), name='verification_by_answers_or_page'), models.UniqueConstraint(condition=models.Q(('call__isnull', False)), fields=('call', 'passed'), name='verification_once_a_call')],
            },
        ),
    ]

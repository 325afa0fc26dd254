import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('talk', '0001_initial'),
        ('talk', '0002_without_case'),
    ]

    dependencies = [
        ('accounts', '0001_squashed'),
        ('closing', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('message', 'Message'), ('ticket', 'Ticket')], max_length=8)),
                ('author', models.CharField(choices=[('customer', 'Customer'), ('desk', 'Desk')], max_length=8)),
                ('via', models.CharField(choices=[('page', 'Page'), ('mail', 'Mail'), ('hotline', 'Hotline')], max_length=8)),
                ('text', models.TextField(max_length=4000)),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('left_out', models.PositiveSmallIntegerField(default=0)),
                ('was_cut', models.BooleanField(default=False)),
                ('other_sender', models.BooleanField(default=False)),
                ('mail_key', models.CharField(max_length=64, null=True, unique=True)),
                ('ticket_state', models.CharField(blank=True, choices=[('open', 'Open'), ('done', 'Done')], max_length=4)),
                ('done_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='accounts.account')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='closing.case')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'at'], name='talk_messag_case_id_085db0_idx'), models.Index(fields=['kind', 'ticket_state', 'at'], name='talk_messag_kind_cd4a2a_idx'), models.Index(condition=models.Q(('author', 'customer'), ('kind', 'message'), ('read_at', None)), fields=['case', 'account'], name='message_unread_by_desk')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('author', 'customer'), ('user', None)), models.Q(('author', 'desk'), ('user__isnull', False)), _connector='OR'), name='message_author_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'message'), ('ticket_state', '')), models.Q(('author', 'desk'), ('kind', 'ticket'), ('ticket_state__in', ['open', 'done'])), _connector='OR'), name='message_or_ticket'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('left_out__gt', 0), _connector='OR'), name='message_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('done_by__isnull', False), ('ticket_state', 'done')), models.Q(models.Q(('ticket_state', 'done'), _negated=True), ('done_at', None), ('done_by', None)), _connector='OR'), name='ticket_done_by_somebody')],
            },
        ),
    ]

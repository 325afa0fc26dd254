from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('notice', '0001_initial'),
        ('notice', '0002_is_begun'),
        ('notice', '0003_held_back'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('case', models.UUIDField(db_index=True, null=True)),
                ('kind', models.CharField(max_length=20)),
                ('channel', models.CharField(choices=[('letter', 'Letter'), ('text', 'Text')], max_length=8)),
                ('language', models.CharField(max_length=10)),
                ('recipient', models.CharField(max_length=254)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField()),
                ('is_posted', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=9)),
                ('not_before', models.DateTimeField(null=True)),
                ('reply_to', models.CharField(blank=True, max_length=254)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('is_begun', models.BooleanField(default=False)),
                ('message_id', models.CharField(blank=True, max_length=200)),
                ('failure', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'failed', 'cancelled'])), name='notice_state_known'), models.CheckConstraint(condition=models.Q(('channel__in', ['letter', 'text'])), name='notice_channel_known')],
            },
        ),
    ]

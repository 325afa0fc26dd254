import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('closing', '0005_clock_stopped_on'),
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
        migrations.AddField(
            model_name='case',
            name='rules',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='closing.rulebook'),
        ),
        migrations.AddField(
            model_name='case',
            name='told_from',
            field=models.DateTimeField(null=True),
        ),
    ]

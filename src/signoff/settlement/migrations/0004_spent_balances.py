"""Which closing took the money of a balance: no import brings it back."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('settlement', '0003_failure_is_ours'),
    ]

    operations = [
        migrations.AddField(
            model_name='balancebucket',
            name='spent_by_case',
            field=models.UUIDField(null=True),
        ),
    ]

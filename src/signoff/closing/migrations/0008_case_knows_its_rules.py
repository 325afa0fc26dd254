from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('closing', '0007_rules_filled_in'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=Q(('submitted_at', None), ('rules__isnull', False), _connector='OR'), name='case_knows_its_rules'),
        ),
    ]

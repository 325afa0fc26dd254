"""Cases that were sent before rules were kept with them get those of today."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.models import Min
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from signoff import __version__
from signoff.config import policies
from signoff.policies.promises import digest_of, written


def fill_in(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One statement for each country that has cases."""
    case, book = apps.get_model("closing", "Case"), apps.get_model("closing", "RuleBook")
    sent = case.objects.filter(submitted_at__isnull=False, rules=None)
    first_sent = sent.values_list("country").annotate(at=Min("submitted_at")).order_by("country")
    for country, at in list(first_sent):
        rules = policies().for_country(country)
        content = written(rules)
        kept, _made = book.objects.get_or_create(
            digest=digest_of(content),
            defaults={
                "pack": rules.pack,
                "country": rules.country,
                "version": __version__,
                "content": content,
                "first_used_at": at,
            },
        )
        sent.filter(country=country).update(rules=kept)


class Migration(migrations.Migration):

    dependencies = [
        ('closing', '0006_rules_of_a_case'),
    ]

    operations = [
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]

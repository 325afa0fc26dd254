import django.db.models.deletion
import uuid
from django.db import migrations, models

from signoff.journal import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('journal', '0001_initial'),
        ('journal', '0002_append_only'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('cause', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=20)),
                ('case', models.UUIDField(db_index=True, null=True)),
                ('step', models.CharField(blank=True, default='', max_length=40)),
                ('at', models.DateTimeField()),
                ('size', models.PositiveSmallIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['at', 'id'], name='journal_by_time')],
                'constraints': [models.UniqueConstraint(fields=('cause',), name='journal_one_entry_a_cause'), models.CheckConstraint(condition=models.Q(('kind__in', ['final_bill', 'refund_sent', 'refund_paid', 'refund_failed', 'refund_to_line', 'bill_paid', 'dispute_opened', 'dispute_upheld', 'dispute_rejected', 'correction'])), name='journal_kind_known'), models.CheckConstraint(condition=models.Q(('size__gte', 2)), name='journal_two_postings')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('account', models.CharField(max_length=40)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='journal.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entry', 'position'), name='journal_one_place'), models.CheckConstraint(condition=models.Q(('account__in', ['Assets:PaymentService', 'Assets:PaymentService:InTransit', 'Assets:Bank', 'Assets:Bank:InTransit', 'Assets:Receivable:Bills', 'Assets:Receivable:Disputed', 'Liabilities:Balances:Paid', 'Liabilities:Balances:Promotional', 'Liabilities:Balances:Deposit', 'Liabilities:Credits', 'Liabilities:Closing', 'Liabilities:Tax', 'Income:Plans', 'Income:Usage', 'Income:Fees', 'Income:Forfeited', 'Expenses:CreditNotes'])), name='journal_account_in_chart'), models.CheckConstraint(condition=models.Q(models.Q(('amount_minor', 0), _negated=True), ('amount_minor__gte', -1000000000000000), ('amount_minor__lte', 1000000000000000)), name='journal_amount_sane')],
            },
        ),
        migrations.RunPython(install, remove),
    ]

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('settlement', '0001_initial'),
        ('settlement', '0002_money'),
        ('settlement', '0003_failure_is_ours'),
        ('settlement', '0004_spent_balances'),
        ('settlement', '0005_contradictions'),
        ('settlement', '0006_due_payments'),
        ('settlement', '0007_why_an_answer_was_refused'),
    ]

    dependencies = [
        ('accounts', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='SeenEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=255, unique=True)),
                ('kind', models.CharField(max_length=20)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='BalanceBucket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('paid', 'Paid'), ('promotional', 'Promotional'), ('deposit', 'Deposit')], max_length=12)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('expires_on', models.DateField(null=True)),
                ('spent_by_case', models.UUIDField(null=True)),
                ('as_of', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='buckets', to='accounts.account')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='buckets', to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0)), name='bucket_not_negative'), models.CheckConstraint(condition=models.Q(('kind__in', ['paid', 'promotional', 'deposit'])), name='bucket_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='BankStatus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(max_length=8)),
                ('content', models.BinaryField()),
                ('state', models.CharField(default='waiting', max_length=8)),
                ('paid', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('unknown', models.JSONField(default=list)),
                ('failure', models.CharField(blank=True, max_length=400)),
                ('why', models.JSONField(default=dict)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'read', 'refused'])), name='bank_status_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Bill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32, unique=True)),
                ('issued_on', models.DateField()),
                ('due_on', models.DateField()),
                ('total_minor', models.BigIntegerField()),
                ('paid_minor', models.BigIntegerField(default=0)),
                ('credited_minor', models.BigIntegerField(default=0)),
                ('state', models.CharField(choices=[('unpaid', 'Unpaid'), ('paid', 'Paid')], max_length=8)),
                ('as_of', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='accounts.account')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['unpaid', 'paid'])), name='bill_state_known'), models.CheckConstraint(condition=models.Q(('credited_minor__gte', 0), ('paid_minor__gte', 0)), name='bill_paid_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='BillItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('description', models.CharField(max_length=120)),
                ('amount_minor', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('plan', 'Plan'), ('usage', 'Usage'), ('roaming', 'Roaming'), ('premium', 'Premium'), ('fee', 'Fee'), ('discount', 'Discount'), ('other', 'Other')], default='other', max_length=10)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('first_day', models.DateField(null=True)),
                ('last_day', models.DateField(null=True)),
                ('bill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='settlement.bill')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('bill', 'position'), name='bill_item_position_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['plan', 'usage', 'roaming', 'premium', 'fee', 'discount', 'other'])), name='bill_item_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='BillPayment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('language', models.CharField(max_length=10)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('open', 'Open'), ('paid', 'Paid'), ('failed', 'Failed'), ('expired', 'Expired')], default='asked', max_length=8)),
                ('reference', models.CharField(blank=True, max_length=255)),
                ('address', models.TextField(blank=True)),
                ('paid_by', models.CharField(blank=True, max_length=64)),
                ('failure', models.CharField(blank=True, max_length=200)),
                ('is_given_up', models.BooleanField(default=False)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='due_payments', to='accounts.account')),
                ('bill', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='settlement.bill')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='due_payments', to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='bill_payment_positive'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'open', 'paid', 'failed', 'expired'])), name='bill_payment_state_known'), models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'open'])), fields=('bill',), name='bill_payment_one_at_a_time'), models.UniqueConstraint(condition=models.Q(('bill', None), ('state__in', ['asked', 'open'])), fields=('account',), name='due_payment_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('account', None), ('bill__isnull', False), ('line', None)), models.Q(('account__isnull', False), ('bill', None)), _connector='OR'), name='bill_payment_of_bill_or_account'), models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('reference',), name='bill_payment_reference_once'), models.UniqueConstraint(condition=models.Q(('paid_by', ''), _negated=True), fields=('paid_by',), name='bill_payment_paid_by_once')],
            },
        ),
        migrations.CreateModel(
            name='Credit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(choices=[('credit_note', 'Credit Note'), ('coupon', 'Coupon')], max_length=12)),
                ('description', models.CharField(max_length=120)),
                ('amount_minor', models.BigIntegerField()),
                ('expires_on', models.DateField(null=True)),
                ('used_by_case', models.UUIDField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='accounts.account')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='credit_positive'), models.CheckConstraint(condition=models.Q(('kind__in', ['credit_note', 'coupon'])), name='credit_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.CharField(choices=[('not_used', 'Not Used'), ('wrong_amount', 'Wrong Amount'), ('twice', 'Twice'), ('not_ordered', 'Not Ordered'), ('other', 'Other')], max_length=16)),
                ('text', models.TextField(blank=True, max_length=1000)),
                ('state', models.CharField(choices=[('open', 'Open'), ('upheld', 'Upheld'), ('rejected', 'Rejected')], default='open', max_length=8)),
                ('unpaid_minor', models.BigIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True, max_length=1000)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='settlement.billitem')),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0), ('unpaid_minor__gte', 0), ('unpaid_minor__lte', models.F('amount_minor'))), name='dispute_positive'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'upheld', 'rejected'])), name='dispute_state_known'), models.UniqueConstraint(fields=('item',), name='dispute_item_once'), models.CheckConstraint(condition=models.Q(('state', 'open'), ('resolved_at__isnull', False), _connector='OR'), name='dispute_resolved_has_time'), models.CheckConstraint(condition=models.Q(('resolved_at__isnull', True), ('resolved_at__gte', models.F('opened_at')), _connector='OR'), name='dispute_times_in_order')],
            },
        ),
        migrations.CreateModel(
            name='EarlyTerminationFee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('amount_minor', models.BigIntegerField()),
                ('is_taxed', models.BooleanField(default=False)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='termination_fees', to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0)), name='fee_not_negative'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='fee_days_in_order'), models.UniqueConstraint(fields=('line', 'first_day'), name='fee_row_once')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=64, unique=True)),
                ('amount_minor', models.BigIntegerField()),
                ('refunded_minor', models.BigIntegerField(default=0)),
                ('method', models.CharField(max_length=60)),
                ('paid_at', models.DateTimeField()),
                ('bucket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='settlement.balancebucket')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('refunded_minor__gte', 0), ('refunded_minor__lte', models.F('amount_minor'))), name='payment_refunded_within_payment')],
            },
        ),
        migrations.CreateModel(
            name='PayoutBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(max_length=8)),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('ready', 'Ready'), ('sent', 'Sent'), ('dropped', 'Dropped')], default='asked', max_length=8)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('media_type', models.CharField(blank=True, max_length=80)),
                ('content', models.BinaryField(default=bytes)),
                ('failure', models.CharField(blank=True, max_length=200)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('execution_date', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'ready', 'sent', 'dropped'])), name='batch_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.UUIDField(db_index=True)),
                ('kind', models.CharField(choices=[('iban', 'Iban'), ('cn_card', 'Cn Card'), ('line', 'Line')], max_length=8)),
                ('holder', models.CharField(blank=True, max_length=140)),
                ('account_number', models.CharField(blank=True, max_length=34)),
                ('bic', models.CharField(blank=True, max_length=11)),
                ('bank', models.CharField(blank=True, max_length=80)),
                ('is_current', models.BooleanField(default=True)),
                ('given_at', models.DateTimeField()),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['iban', 'cn_card', 'line'])), name='place_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('account_number', ''), ('kind', 'line'), ('line__isnull', False)), models.Q(('kind__in', ['iban', 'cn_card']), ('line__isnull', True)), _connector='OR'), name='place_is_account_or_line'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('case',), name='place_one_current')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.UUIDField(db_index=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('transfer', models.CharField(blank=True, max_length=35)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('sent', 'Sent'), ('paid', 'Paid'), ('failed', 'Failed')], default='planned', max_length=8)),
                ('attempt', models.PositiveSmallIntegerField(default=1)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('reference', models.CharField(blank=True, max_length=64)),
                ('failure', models.CharField(blank=True, max_length=200)),
                ('is_failure_ours', models.BooleanField(default=False)),
                ('alarm', models.CharField(blank=True, max_length=24)),
                ('needs_approval', models.BooleanField(default=False)),
                ('released_at', models.DateTimeField(null=True)),
                ('expected_on', models.DateField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='settlement.payoutbatch')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='settlement.payment')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='settlement.place')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'position'), name='refund_position_once'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='refund_positive'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'sent', 'paid', 'failed'])), name='refund_state_known'), models.UniqueConstraint(condition=models.Q(('transfer', ''), _negated=True), fields=('transfer',), name='refund_transfer_once'), models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('reference',), name='refund_reference_once')],
            },
        ),
        migrations.CreateModel(
            name='RefundApproval',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('attempt', models.PositiveSmallIntegerField()),
                ('approved_at', models.DateTimeField()),
                ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('refund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='settlement.refund')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('refund', 'attempt', 'approver'), name='refund_approved_once_by_one')],
            },
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.UUIDField()),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('is_current', models.BooleanField(default=True)),
                ('why', models.CharField(default='confirmed', max_length=20)),
                ('digest', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('confirmed_at', models.DateTimeField()),
                ('booked_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'version'), name='settlement_version_once'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('case',), name='settlement_one_current')],
            },
        ),
        migrations.CreateModel(
            name='Stay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='stay_days_in_order'), models.UniqueConstraint(fields=('line', 'country', 'first_day'), name='stay_once')],
            },
        ),
        migrations.CreateModel(
            name='Usage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=64, unique=True)),
                ('description', models.CharField(max_length=120)),
                ('amount_minor', models.BigIntegerField()),
                ('used_at', models.DateTimeField()),
                ('billed_by_case', models.UUIDField(null=True)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='usage', to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0)), name='usage_not_negative')],
            },
        ),
    ]

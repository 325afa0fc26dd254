import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # A database that has them all has this one; older ones were never released.
    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_money'),
        ('accounts', '0003_staff_roles'),
        ('accounts', '0004_registered_number'),
        ('accounts', '0005_no_registered_number'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('country', models.CharField(max_length=2)),
                ('language', models.CharField(max_length=10)),
                ('time_zone', models.CharField(max_length=40)),
                ('currency', models.CharField(max_length=3)),
                ('email', models.EmailField(max_length=254)),
                ('contact_phone', models.CharField(blank=True, max_length=20)),
                ('tax_ppm', models.PositiveIntegerField(default=0)),
                ('prices_include_tax', models.BooleanField(default=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('as_of', models.DateTimeField()),
                ('user', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('tax_ppm__lte', 1000000)), name='account_tax_rate_possible')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=32, unique=True)),
                ('msisdn', models.CharField(max_length=20, unique=True)),
                ('imsi', models.CharField(max_length=15, unique=True)),
                ('plan', models.CharField(max_length=80)),
                ('billing', models.CharField(choices=[('prepaid', 'Prepaid'), ('advance', 'Advance'), ('arrears', 'Arrears')], max_length=10)),
                ('monthly_minor', models.BigIntegerField()),
                ('cycle_day', models.PositiveSmallIntegerField()),
                ('activated_on', models.DateField()),
                ('state', models.CharField(choices=[('active', 'Active'), ('paused', 'Paused'), ('closing', 'Closing'), ('closed', 'Closed')], default='active', max_length=10)),
                ('as_of', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='accounts.account')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['active', 'paused', 'closing', 'closed'])), name='line_state_known'), models.CheckConstraint(condition=models.Q(('monthly_minor__gte', 0)), name='line_price_not_negative'), models.CheckConstraint(condition=models.Q(('cycle_day__gte', 1), ('cycle_day__lte', 31)), name='line_cycle_day_in_month')],
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('imei', models.CharField(max_length=15, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('last_seen_on', models.DateField()),
                ('as_of', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='accounts.account')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='accounts.line')),
            ],
        ),
        migrations.CreateModel(
            name='LinkedService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('state', models.CharField(choices=[('active', 'Active'), ('ended', 'Ended')], default='active', max_length=10)),
                ('as_of', models.DateTimeField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['active', 'ended'])), name='service_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('iccid', models.CharField(max_length=20, unique=True)),
                ('eid', models.CharField(blank=True, max_length=32)),
                ('matching_id', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('released', 'Released'), ('downloaded', 'Downloaded'), ('installed', 'Installed'), ('enabled', 'Enabled'), ('disabled', 'Disabled'), ('deleted', 'Deleted'), ('withdrawn', 'Withdrawn')], max_length=12)),
                ('as_of', models.DateTimeField()),
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='profile', to='accounts.line')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['released', 'downloaded', 'installed', 'enabled', 'disabled', 'deleted', 'withdrawn'])), name='profile_state_known')],
            },
        ),
        migrations.CreateModel(
            name='StaffRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('reviewer', 'Reviewer'), ('hotline', 'Hotline'), ('finance', 'Finance'), ('auditor', 'Auditor'), ('admin', 'Admin')], max_length=10)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_roles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'role'), name='staff_role_once'), models.CheckConstraint(condition=models.Q(('role__in', ['reviewer', 'hotline', 'finance', 'auditor', 'admin'])), name='staff_role_known')],
            },
        ),
    ]

"""The tables of counter: offices, staff, dossiers and the journal."""

import counter.enums
import counter.retention.reasons
import counter.identity.documents
import counter.identity.national_number
import counter.journal.events
import counter.models.accounts
import counter.models.clerks
import counter.sign_in.session_end
import counter.offices.address_word
import counter.offices.enterprise_number
import django.core.validators
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('counter', '0001_extensions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(blank=True, help_text="With several offices, the address of this office's page has this word in it: with leuven it is /nl/leuven/. If you leave it empty, it is made from the name. After a change the old address no longer works.", unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(?:-[a-z0-9]+)*$', 'Use small letters, digits and single hyphens.'), counter.offices.address_word.refuse_reserved], verbose_name='word in the address')),
                ('authority', models.CharField(help_text='For example: Stad Leuven.', max_length=100, verbose_name='authority')),
                ('enterprise_number', models.CharField(help_text="The city's enterprise number, for the receipts. For example: 0207.521.503.", max_length=20, validators=[counter.offices.enterprise_number.validate], verbose_name='enterprise number')),
                ('address', models.CharField(max_length=200, verbose_name='address')),
                ('postal_code', models.CharField(max_length=10, verbose_name='postal code')),
                ('city', models.CharField(max_length=100, verbose_name='city')),
                ('phone', models.CharField(max_length=30, verbose_name='phone')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('help_phone', models.CharField(max_length=30, verbose_name='help line for keys')),
                ('help_name', models.CharField(blank=True, help_text="The name of the help line and of the organisation that runs it.", max_length=100, verbose_name='name of the help line')),
                ('officer_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail of the data-protection officer')),
                ('minimum_age', models.PositiveSmallIntegerField(default=12, help_text='Younger people are refused.', verbose_name='minimum age')),
                ('ask_below_age', models.PositiveSmallIntegerField(default=18, help_text="When the person is younger, the clerk gets a question about it. With 0 there is no question.", verbose_name='ask below the age of')),
                ('app_keys', models.BooleanField(default=True, verbose_name='keys by mobile app')),
                ('sms_keys', models.BooleanField(default=True, verbose_name='keys by text message')),
                ('email_keys', models.BooleanField(default=True, verbose_name='keys by e-mail')),
            ],
            options={
                'verbose_name': 'office',
                'verbose_name_plural': 'offices',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('app_keys', True), ('sms_keys', True), ('email_keys', True), _connector='OR'), name='office_offers_a_key', violation_error_message='At least one kind of key stays on.'),
                    models.CheckConstraint(condition=models.Q(('slug__regex', '^[a-z0-9]+(?:-[a-z0-9]+)*$')), name='office_has_a_word_in_the_address'),
                ],
            },
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='counter.office', verbose_name='office')),
                ('weekday', models.PositiveSmallIntegerField(choices=counter.enums.Weekday.pairs, verbose_name='weekday')),
                ('opens', models.TimeField(verbose_name='opens')),
                ('closes', models.TimeField(verbose_name='closes')),
            ],
            options={
                'verbose_name': 'opening hours',
                'verbose_name_plural': 'opening hours',
                'ordering': ('weekday', 'opens'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes'))), name='opening_hours_open_before_close', violation_error_message='The office must open before it closes.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ClosingDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closing_days', to='counter.office', verbose_name='office')),
                ('date', models.DateField(verbose_name='date')),
                ('occasion', models.CharField(max_length=100, verbose_name='occasion')),
            ],
            options={
                'verbose_name': 'closing day',
                'verbose_name_plural': 'closing days',
                'ordering': ('date',),
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('date'), name='closing_day_once_an_office'),
                ],
            },
        ),
        migrations.CreateModel(
            name='OfficeText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='counter.office', verbose_name='office')),
                ('slot', models.CharField(choices=counter.enums.TextSlot.pairs, max_length=12, verbose_name='place')),
                ('language', models.CharField(choices=counter.enums.PageLanguage.pairs, max_length=2, verbose_name='language')),
                ('text', models.TextField(max_length=3000, verbose_name='text')),
            ],
            options={
                'verbose_name': 'text of the information page',
                'verbose_name_plural': 'texts of the information page',
                'ordering': ('slot', 'language'),
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('slot'), models.F('language'), name='office_text_once_a_place'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desks', to='counter.office', verbose_name='office')),
                ('name', models.CharField(help_text='For example: Loket 2.', max_length=40, verbose_name='name')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'desk',
                'verbose_name_plural': 'desks',
                'ordering': ('office', 'name'),
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('name'), name='desk_name_once_an_office', violation_error_message='This office has that desk already.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Clerk',
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
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clerks', to='counter.office', verbose_name='office')),
                ('role', models.CharField(choices=counter.enums.Role.pairs, default='clerk', max_length=20, verbose_name='role')),
                ('language', models.CharField(choices=counter.enums.StaffLanguage.pairs, default='nl', max_length=2, verbose_name='language of the screens')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'member of staff',
                'verbose_name_plural': 'members of staff',
                'constraints': [
                    models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='clerk_email_once', violation_error_message='Another account has this e-mail address. Each has its own.'),
                    models.CheckConstraint(condition=models.Q(('is_staff', False), models.Q(('role', 'clerk'), _negated=True), _connector='OR'), name='clerk_opens_no_admin', violation_error_message='A clerk does not open the admin.'),
                ],
            },
            managers=[
                ('objects', counter.models.clerks.ClerkManager()),
            ],
        ),
        migrations.CreateModel(
            name='SignInRecord',
            fields=[
                ('clerk', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sign_in', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('session_epoch', models.PositiveIntegerField(default=0, help_text="Sessions that began with another number have ended.")),
                ('signed_in_at', models.DateTimeField(help_text="When the present session began; empty when there is none.", null=True)),
                ('session_ended_by', models.CharField(choices=counter.sign_in.session_end.SessionEnd.pairs, default='elsewhere', help_text='Why the last session ended, for its owner to read.', max_length=12)),
                ('screen_locked_at', models.DateTimeField(help_text="While this is set, the session shows only the lock screen.", null=True)),
                ('change_to_show', models.UUIDField(help_text="The dossier whose next page shows the change to give back (counter.desk.change).", null=True)),
                ('desk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sign_ins', to='counter.desk', verbose_name='desk today')),
                ('desk_since', models.DateTimeField(null=True, verbose_name='at this desk since')),
            ],
            options={
                'verbose_name': 'sign-in',
                'verbose_name_plural': 'sign-ins',
            },
        ),
        migrations.CreateModel(
            name='AccountChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_changes', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('act', models.CharField(choices=counter.enums.AccountAct.pairs, max_length=16, verbose_name='what')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('old_email', models.EmailField(blank=True, editable=False, max_length=254)),
                ('second_supervisor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second_email', models.EmailField(blank=True, editable=False, max_length=254)),
            ],
            options={
                'verbose_name': 'change of an account',
                'verbose_name_plural': 'changes of accounts',
                'ordering': ('-at',),
                'indexes': [
                    models.Index(fields=['at'], name='account_change_at'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PasswordLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('clerk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='password_links', to=settings.AUTH_USER_MODEL)),
                ('email', models.EmailField(blank=True, editable=False, max_length=254)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('is_invitation', models.BooleanField()),
                ('nonce', models.BinaryField(default=counter.models.accounts._nonce, max_length=32)),
                ('asked_at', models.DateTimeField()),
                ('valid_until', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'link to choose a password',
                'verbose_name_plural': 'links to choose a password',
                'indexes': [
                    models.Index(fields=['asked_at'], name='password_link_asked'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('valid_until__gt', models.F('asked_at'))), name='password_link_ends_after_it_was_asked'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Applicant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('national_number_sealed', models.BinaryField()),
                ('national_number_index_a', models.BinaryField(null=True)),
                ('national_number_index_b', models.BinaryField(null=True)),
                ('number_kind', models.CharField(choices=counter.identity.national_number.NumberKind.pairs, max_length=10, verbose_name='kind of number')),
                ('last_name', models.CharField(max_length=100, verbose_name='last name')),
                ('first_names', models.CharField(blank=True, max_length=100, verbose_name='first names')),
                ('birth_date', models.DateField(help_text='As on the identity document.', null=True, verbose_name='birth date')),
                ('first_seen_at', models.DateTimeField(verbose_name='first seen')),
                ('anonymised_at', models.DateTimeField(editable=False, null=True, verbose_name='anonymised')),
                ('parted_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'applicant',
                'verbose_name_plural': 'applicants',
                'indexes': [
                    models.Index(fields=['-first_seen_at'], name='applicant_newest'),
                    models.Index(fields=['parted_at'], name='applicant_parted', condition=models.Q(('anonymised_at__isnull', True), ('parted_at__isnull', False))),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('national_number_index_a'), name='applicant_one_a_number_a'),
                    models.UniqueConstraint(models.F('national_number_index_b'), name='applicant_one_a_number_b'),
                    models.CheckConstraint(condition=models.Q(('national_number_index_a__isnull', False), ('national_number_index_b__isnull', False), ('anonymised_at__isnull', False), _connector='OR'), name='applicant_number_is_indexed'),
                    models.CheckConstraint(condition=models.Q(('anonymised_at__isnull', True), models.Q(('birth_date__isnull', True), ('first_names', ''), ('last_name', ''), ('national_number_index_a__isnull', True), ('national_number_index_b__isnull', True), ('national_number_sealed', b'')), _connector='OR'), name='applicant_anonymised_is_nobody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('submission', models.UUIDField(editable=False, help_text="The form with which the dossier was made. When it is sent twice, there is still one dossier.", unique=True)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='counter.office', verbose_name='office')),
                ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='counter.applicant', verbose_name='applicant')),
                ('recorded_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('desk', models.CharField(blank=True, help_text="The desk at which the dossier was recorded.", max_length=40, verbose_name='desk')),
                ('state', models.CharField(choices=counter.enums.DossierState.pairs, default='recorded', max_length=12, verbose_name='state')),
                ('last_name', models.CharField(max_length=100, verbose_name='last name')),
                ('first_names', models.CharField(blank=True, max_length=100, verbose_name='first names')),
                ('birth_date', models.DateField(help_text='As on the identity document.', null=True, verbose_name='birth date')),
                ('document_type', models.CharField(choices=counter.identity.documents.DocumentType.pairs, max_length=10, verbose_name='document')),
                ('document_number_sealed', models.BinaryField()),
                ('document_country', models.CharField(max_length=3, verbose_name='issuing country')),
                ('document_expiry', models.DateField(help_text="Empty for a card without an expiry date.", null=True, verbose_name='valid until')),
                ('original_seen_at', models.DateTimeField(verbose_name='original seen')),
                ('email', models.EmailField(max_length=254, verbose_name='private e-mail')),
                ('language', models.CharField(choices=counter.enums.Language.pairs, default='nl', max_length=2, verbose_name='translation')),
                ('reason', models.CharField(choices=counter.enums.Reason.pairs, max_length=12, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('paid_at', models.DateTimeField(null=True, verbose_name='paid')),
                ('code_issued_at', models.DateTimeField(null=True, verbose_name='code issued')),
                ('activated_at', models.DateTimeField(null=True, verbose_name='activated')),
                ('cancelled_at', models.DateTimeField(null=True, verbose_name='cancelled')),
                ('lapsed_at', models.DateTimeField(null=True, verbose_name='lapsed')),
                ('anonymised_at', models.DateTimeField(editable=False, null=True, verbose_name='anonymised')),
            ],
            options={
                'verbose_name': 'dossier',
                'verbose_name_plural': 'dossiers',
                'ordering': ('-recorded_at',),
                'indexes': [
                    models.Index(fields=['office', '-recorded_at'], name='dossier_of_office'),
                    models.Index(fields=['-recorded_at'], name='dossier_newest'),
                    models.Index(fields=['code_issued_at'], name='dossier_code_issued'),
                    models.Index(fields=['activated_at'], name='dossier_activated'),
                    models.Index(fields=['state', '-recorded_at'], name='dossier_in_state'),
                    models.Index(fields=['recorded_by', '-recorded_at'], name='dossier_by_clerk'),
                    models.Index(django.db.models.functions.text.Lower('email'), name='dossier_email'),
                    models.Index(models.F('office'), django.db.models.functions.comparison.Coalesce('activated_at', 'lapsed_at', 'cancelled_at'), condition=models.Q(('anonymised_at__isnull', True), models.Q(('email', ''), _negated=True)), name='dossier_keeps_address'),
                    models.Index(models.F('office'), django.db.models.functions.comparison.Coalesce('activated_at', 'lapsed_at', 'cancelled_at'), condition=models.Q(('anonymised_at__isnull', True), models.Q(('document_number_sealed', b''), _negated=True)), name='dossier_keeps_number'),
                    models.Index(models.F('office'), django.db.models.functions.comparison.Coalesce('activated_at', 'lapsed_at', 'cancelled_at'), condition=models.Q(('anonymised_at__isnull', True), ('state__in', ('cancelled', 'lapsed'))), name='dossier_without_key'),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('applicant'), condition=models.Q(('state__in', ('recorded', 'paid', 'code_issued'))), name='dossier_one_open_a_person', violation_error_message='This person has an open dossier already.'),
                    models.CheckConstraint(condition=models.Q(('document_expiry__isnull', False), ('document_type__in', ['EU_ID']), ('anonymised_at__isnull', False), _connector='OR'), name='dossier_expiry_unless_unlimited'),
                    models.CheckConstraint(condition=models.Q(('anonymised_at__isnull', True), models.Q(('birth_date__isnull', True), ('document_country', ''), ('document_expiry__isnull', True), ('document_number_sealed', b''), ('email', ''), ('first_names', ''), ('last_name', ''), models.Q(('state__in', ('recorded', 'paid', 'code_issued')), _negated=True)), _connector='OR'), name='dossier_anonymised_is_nobodys'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), ('paid_at__isnull', False), _connector='OR'), name='dossier_paid_has_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'code_issued'), _negated=True), ('code_issued_at__isnull', False), _connector='OR'), name='dossier_code_issued_has_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'activated'), _negated=True), ('activated_at__isnull', False), _connector='OR'), name='dossier_activated_has_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_at__isnull', False), _connector='OR'), name='dossier_cancelled_has_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'lapsed'), _negated=True), ('lapsed_at__isnull', False), _connector='OR'), name='dossier_lapsed_has_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DossierCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='counter.dossier')),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supervisor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('changes', models.JSONField(verbose_name='changes')),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
                'ordering': ('at',),
            },
        ),
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('submission', models.UUIDField(editable=False, unique=True)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enquiries', to='counter.office', verbose_name='office')),
                ('kind', models.CharField(choices=counter.enums.EnquiryKind.pairs, max_length=10, verbose_name='kind')),
                ('language', models.CharField(max_length=2, verbose_name='language')),
                ('page', models.CharField(blank=True, max_length=100, verbose_name='page')),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('text', models.TextField(max_length=4000, verbose_name='text')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who answers it')),
                ('answer', models.TextField(blank=True, max_length=4000, verbose_name='answer')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('handled_at', models.DateTimeField(blank=True, null=True, verbose_name='handled')),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enquiries', to=settings.AUTH_USER_MODEL, verbose_name='handled by')),
            ],
            options={
                'verbose_name': 'message from the public',
                'verbose_name_plural': 'messages from the public',
                'ordering': ('-received_at',),
                'indexes': [
                    models.Index(condition=models.Q(('text__regex', '([0-9][^0-9]{0,3}){10}[0-9]'), ('text__iregex', '\\m[0-9a-f]{8}\\M'), _connector='OR'), fields=['received_at'], name='enquiry_mentions'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('handled_at__isnull', True), ('handled_by__isnull', True)), models.Q(('handled_at__isnull', False), ('handled_by__isnull', False)), _connector='OR'), name='enquiry_handled_has_time_and_person'),
                    models.CheckConstraint(condition=models.Q(('answer', ''), models.Q(('handled_at__isnull', False), models.Q(('email', ''), _negated=True)), _connector='OR'), name='enquiry_answered_is_handled_and_has_an_address'),
                ],
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='at')),
                ('event', models.CharField(choices=counter.journal.events.Event.pairs, max_length=30, verbose_name='event')),
                ('actor_kind', models.CharField(choices=counter.enums.ActorKind.pairs, max_length=10, verbose_name='who')),
                ('clerk', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                ('office', models.ForeignKey(db_index=False, help_text="Without an office the entry concerns the whole house.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='counter.office', verbose_name='office')),
                ('dossier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='counter.dossier', verbose_name='dossier')),
                ('subject', models.CharField(blank=True, db_default='', default='', editable=False, help_text="The row that the entry is about when it is not a dossier: the model's label and the row's key.", max_length=80)),
                ('details', models.JSONField(default=dict, verbose_name='details')),
                ('mark', models.BinaryField(db_default=b'', default=bytes, max_length=32)),
            ],
            options={
                'verbose_name': 'journal entry',
                'verbose_name_plural': 'journal',
                'ordering': ('id',),
                'indexes': [
                    models.Index(fields=['at'], name='journal_by_time'),
                    models.Index(fields=['office', 'at'], name='journal_of_office'),
                    models.Index(fields=['clerk', 'at'], name='journal_of_clerk'),
                    models.Index(fields=['event', 'clerk'], name='journal_of_event'),
                    models.Index(condition=models.Q(('actor_kind__in', ('applicant', 'system'))), fields=['actor_kind', 'at'], name='journal_of_no_clerk'),
                    models.Index(condition=models.Q(('subject', ''), _negated=True), fields=['subject'], name='journal_of_subject'),
                    models.Index(condition=models.Q(('event__in', ('sign_in_failed', 'sign_ins_failed'))), fields=['office', 'at'], name='journal_failed_sign_in'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('actor_kind', 'clerk'), ('clerk__isnull', False)), models.Q(models.Q(('actor_kind', 'clerk'), _negated=True), ('clerk__isnull', True)), _connector='OR'), name='journal_clerk_is_named'),
                    models.UniqueConstraint(condition=models.Q(('mark__gt', b'')), fields=('mark',), name='journal_mark_is_of_one'),
                ],
            },
        ),
        migrations.CreateModel(
            name='JournalSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='sealed')),
                ('first_id', models.BigIntegerField(verbose_name='first entry')),
                ('last_id', models.BigIntegerField(unique=True, verbose_name='last entry')),
                ('entries', models.PositiveIntegerField(verbose_name='entries')),
                ('previous', models.BinaryField(max_length=32)),
                ('marks', models.BinaryField(db_default=b'', default=bytes)),
                ('digest', models.BinaryField(max_length=32)),
                ('key_id', models.CharField(max_length=20, verbose_name='seal key')),
            ],
            options={
                'verbose_name': 'journal seal',
                'verbose_name_plural': 'journal seals',
                'ordering': ('last_id',),
            },
        ),
        migrations.CreateModel(
            name='KinshipAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kinship_answers', to='counter.dossier')),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kinship_answers', to=settings.AUTH_USER_MODEL)),
                ('is_family', models.BooleanField(verbose_name='is family')),
                ('colleague', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'answer about family',
                'verbose_name_plural': 'answers about family',
                'constraints': [
                    models.UniqueConstraint(models.F('dossier'), models.F('clerk'), name='kinship_once_a_dossier_and_clerk'),
                    models.CheckConstraint(condition=models.Q(models.Q(('colleague__isnull', False), ('is_family', True)), models.Q(('colleague__isnull', True), ('is_family', False)), _connector='OR'), name='kinship_family_has_a_colleague'),
                    models.CheckConstraint(condition=models.Q(('colleague__isnull', True), models.Q(('colleague', models.F('clerk')), _negated=True), _connector='OR'), name='kinship_colleague_is_another'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SignInFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('whose_index', models.BinaryField(max_length=32, unique=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('since', models.DateTimeField()),
                ('free_from', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'failed sign-in',
                'verbose_name_plural': 'failed sign-ins',
                'indexes': [
                    models.Index(fields=['since'], name='sign_in_failure_age'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FailedSignIns',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('name_index', models.BinaryField(max_length=32)),
                ('network_index', models.BinaryField(max_length=32)),
                ('form', models.CharField(choices=counter.enums.SecretForm.pairs, max_length=20)),
                ('secret', models.CharField(choices=counter.enums.StaffSecret.pairs, max_length=20)),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'failed sign-ins of an hour',
                'verbose_name_plural': 'failed sign-ins of an hour',
                'constraints': [
                    models.UniqueConstraint(fields=('hour', 'name_index', 'network_index', 'form', 'secret'), name='failed_sign_ins_once_an_hour'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
                ('clerk', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='second_factor', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('secret_sealed', models.BinaryField(default=b'')),
                ('attempt', models.UUIDField()),
                ('begun_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('last_step', models.BigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'app for signing in',
                'verbose_name_plural': 'apps for signing in',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('last_step', 0)), models.Q(('confirmed_at__isnull', False), ('last_step__gt', 0)), _connector='OR'), name='second_factor_confirmed_by_digits'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passkeys', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('credential_id', models.BinaryField(max_length=1023, unique=True)),
                ('public_key_sealed', models.BinaryField()),
                ('sign_count', models.BigIntegerField(default=0)),
                ('added_at', models.DateTimeField(verbose_name='added')),
                ('last_used_at', models.DateTimeField(null=True, verbose_name='last used')),
            ],
            options={
                'verbose_name': 'passkey',
                'verbose_name_plural': 'passkeys',
                'ordering': ('added_at',),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('sign_count__gte', 0)), name='passkey_counts_up'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CityIdentity',
            fields=[
                ('clerk', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='city_identity', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('mark', models.BinaryField(max_length=32, unique=True)),
                ('subject_sealed', models.BinaryField()),
                ('linked_at', models.DateTimeField(verbose_name='linked')),
                ('is_off', models.BooleanField(default=False, help_text='The account was switched off because the city took its role away.')),
            ],
            options={
                'verbose_name': "link with the city's sign-on",
                'verbose_name_plural': "links with the city's sign-on",
            },
        ),
        migrations.CreateModel(
            name='PasskeyChallenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.BinaryField(max_length=32, unique=True)),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'question to a passkey',
                'verbose_name_plural': 'questions to passkeys',
                'indexes': [
                    models.Index(fields=['asked_at'], name='passkey_challenge_age'),
                ],
            },
        ),
        migrations.CreateModel(
            name='KnownComputer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='known_computers', to=settings.AUTH_USER_MODEL)),
                ('mark', models.BinaryField(max_length=32, unique=True)),
                ('signed_in_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'known computer',
                'verbose_name_plural': 'known computers',
                'indexes': [
                    models.Index(fields=['signed_in_at'], name='known_computer_age'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                ('submission', models.UUIDField(editable=False)),
                ('content_sealed', models.BinaryField()),
                ('saved_at', models.DateTimeField(verbose_name='saved')),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
                'ordering': ('-saved_at',),
            },
        ),
        migrations.CreateModel(
            name='TurnedAway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turned_away', to='counter.office', verbose_name='office')),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turned_away', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                ('submission', models.UUIDField(editable=False, help_text="When the same form is sent twice, the visit is counted once.", unique=True)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('outcome', models.CharField(choices=counter.enums.Outcome.pairs, max_length=10, verbose_name='outcome')),
                ('reason', models.CharField(max_length=40, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'visit without a dossier',
                'verbose_name_plural': 'visits without a dossier',
                'ordering': ('-at',),
                'indexes': [
                    models.Index(fields=['office', '-at'], name='turned_away_of_office'), models.Index(fields=['at'], name='turned_away_newest'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MailDomain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(help_text="For example: kuleuven.be. Its subdomains are included.", max_length=253, unique=True, verbose_name='domain')),
            ],
            options={
                'verbose_name': 'work or study domain',
                'verbose_name_plural': 'work and study domains',
                'ordering': ('domain',),
            },
        ),
        migrations.CreateModel(
            name='DestructionRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='at')),
                ('office', models.ForeignKey(help_text="Without an office it belongs to the whole house.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counter.office', verbose_name='office')),
                ('rule', models.CharField(max_length=40, verbose_name='rule')),
                ('days', models.PositiveIntegerField(verbose_name='days')),
                ('rows', models.PositiveIntegerField(verbose_name='how many')),
                ('at_request', models.BooleanField(default=False, verbose_name='asked by the person')),
            ],
            options={
                'verbose_name': 'destruction record',
                'verbose_name_plural': 'destruction records',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='TaskRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='task')),
                ('host', models.CharField(max_length=255, verbose_name='machine')),
                ('pid', models.PositiveIntegerField(verbose_name='process')),
                ('started_at', models.DateTimeField(verbose_name='began')),
                ('lost_after', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('outcome', models.CharField(choices=counter.enums.RunOutcome.pairs, default='running', max_length=8, verbose_name='outcome')),
                ('handled', models.PositiveIntegerField(help_text="How many rows the task handled; empty for a task that does not count them.", null=True, verbose_name='handled')),
                ('error', models.CharField(blank=True, max_length=100, verbose_name='error')),
            ],
            options={
                'verbose_name': 'run of a task',
                'verbose_name_plural': 'runs of tasks',
                'ordering': ('-started_at',),
                'indexes': [models.Index(fields=['name', '-started_at'], name='task_run_newest'), models.Index(condition=models.Q(('outcome', 'done')), fields=['name', '-started_at'], name='task_run_last_done'), models.Index(fields=['started_at'], name='task_run_oldest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', 'running')), models.Q(('ended_at__isnull', False), ('outcome__in', ('done', 'failed'))), _connector='OR'), name='task_run_outcome_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('trouble', models.CharField(max_length=20, verbose_name='what')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='about')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('noticed_at', models.DateTimeField(verbose_name='noticed')),
                ('seen_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('operator_told_at', models.DateTimeField(null=True, verbose_name='operator told')),
                ('operator_told_of_end_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(editable=False, null=True)),
                ('claimed_until', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'alarm',
                'verbose_name_plural': 'how it runs',
                'ordering': ('-noticed_at',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('trouble', 'about'), name='alarm_open_once')],
            },
        ),
        migrations.CreateModel(
            name='MonthCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='month_counts', to='counter.office')),
                ('month', models.DateField(help_text="The first day of the month.", verbose_name='month')),
                ('subject', models.PositiveSmallIntegerField(verbose_name='subject')),
                ('value', models.CharField(blank=True, max_length=40, verbose_name='value')),
                ('count', models.PositiveIntegerField(verbose_name='count')),
            ],
            options={
                'verbose_name': 'count of a month',
                'verbose_name_plural': 'counts of months',
                'ordering': ('office', 'month', 'subject', 'value'),
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('month'), models.F('subject'), models.F('value'), name='month_count_once'),
                    models.CheckConstraint(condition=models.Q(('month__day', 1)), name='month_count_month_is_its_first_day'),
                ],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='counter.dossier', verbose_name='dossier')),
                ('reason', models.CharField(choices=counter.retention.reasons.HoldReason.pairs, max_length=12, verbose_name='reason')),
                ('until', models.DateField(help_text='The last day included.', verbose_name='until')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                ('set_at', models.DateTimeField(verbose_name='set')),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lifted by')),
                ('lifted_at', models.DateTimeField(null=True, verbose_name='lifted')),
                ('lift_reason', models.CharField(blank=True, choices=counter.retention.reasons.LiftReason.pairs, max_length=12, verbose_name='reason to lift it')),
            ],
            options={
                'verbose_name': 'legal hold',
                'verbose_name_plural': 'legal holds',
                'ordering': ('-set_at',),
                'constraints': [
                    models.UniqueConstraint(models.F('dossier'), condition=models.Q(('lifted_at__isnull', True)), name='legal_hold_one_a_dossier', violation_error_message='This dossier has a hold already.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('lift_reason', ''), ('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__isnull', False), models.Q(models.Q(('lifted_by__isnull', False), models.Q(('lift_reason', ''), _negated=True)), ('lift_reason', 'last_day'), _connector='OR')), _connector='OR'), name='legal_hold_lifted_has_who'),
                    models.CheckConstraint(condition=models.Q(('lifted_at__isnull', True), ('lifted_at__gte', models.F('set_at')), _connector='OR'), name='legal_hold_lifted_after_set'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RetentionPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retention_periods', to='counter.office', verbose_name='office')),
                ('rule', models.CharField(max_length=40, verbose_name='rule')),
                ('days', models.PositiveIntegerField(verbose_name='days')),
            ],
            options={
                'verbose_name': 'retention period',
                'verbose_name_plural': 'retention periods',
                'ordering': ('office', 'rule'),
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('rule'), name='retention_period_once_an_office'),
                ],
            },
        ),
    ]

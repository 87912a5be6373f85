"""The tables of activation: codes, holders, their keys and their visits."""

import activation.enums
import activation.models.codes
import counter.enums
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('counter', '0002_create_all_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='ActivationCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='counter.dossier', verbose_name='dossier')),
                ('key_id', models.CharField(default=activation.models.codes._derivation_key_id, editable=False, max_length=8)),
                ('nonce', models.BinaryField(default=activation.models.codes._nonce, max_length=32)),
                ('state', models.CharField(choices=activation.enums.CodeState.pairs, default='live', max_length=10, verbose_name='state')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
                ('issued_at', models.DateTimeField(verbose_name='issued')),
                ('valid_until', models.DateTimeField(verbose_name='valid until')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('locked_at', models.DateTimeField(null=True, verbose_name='locked')),
                ('used_at', models.DateTimeField(null=True, verbose_name='used')),
                ('replaced_at', models.DateTimeField(null=True, verbose_name='replaced')),
                ('lapsed_at', models.DateTimeField(null=True, verbose_name='lapsed')),
                ('frozen_at', models.DateTimeField(help_text="The time at which the code was stopped: by the person or the reader of the address before, who had not asked for it, or by a supervisor. Only the counter can issue a new one.", null=True, verbose_name='frozen')),
                ('held_at', models.DateTimeField(help_text='Until it is decided whether the payment is given back.', null=True, verbose_name='on hold since')),
                ('progress_sealed', models.BinaryField(default=bytes)),
            ],
            options={
                'verbose_name': 'activation code',
                'verbose_name_plural': 'activation codes',
                'ordering': ('-issued_at',),
                'indexes': [
                    models.Index(models.F('issued_by'), models.F('issued_at'), name='code_by_clerk'),
                    models.Index(fields=['-issued_at'], name='code_newest'),
                    models.Index(fields=['state', '-issued_at'], name='code_in_state'),
                    models.Index(fields=['valid_until'], name='code_by_end'),
                    models.Index(models.F('valid_until'), condition=models.Q(('state__in', ('live', 'locked', 'frozen', 'held'))), name='code_due'),
                    models.Index(django.db.models.functions.comparison.Coalesce('used_at', 'lapsed_at', 'replaced_at'), condition=models.Q(('state__in', ('used', 'replaced', 'lapsed')), models.Q(('nonce', b''), _negated=True)), name='code_spent'),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('dossier'), condition=models.Q(('state__in', ('live', 'locked', 'held'))), name='code_one_live_a_dossier'),
                    models.CheckConstraint(condition=models.Q(('valid_until__gt', models.F('issued_at'))), name='code_valid_after_issue'),
                    models.CheckConstraint(condition=models.Q(('attempts__lte', 5)), name='code_attempts_are_limited'),
                    models.CheckConstraint(condition=models.Q(('state', 'live'), models.Q(('locked_at__isnull', False), ('state', 'locked')), models.Q(('state', 'used'), ('used_at__isnull', False)), models.Q(('replaced_at__isnull', False), ('state', 'replaced')), models.Q(('lapsed_at__isnull', False), ('state', 'lapsed')), models.Q(('frozen_at__isnull', False), ('state', 'frozen')), models.Q(('held_at__isnull', False), ('state', 'held')), _connector='OR'), name='code_state_has_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AddressChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='address_changes', to='counter.dossier', verbose_name='dossier')),
                ('old_email', models.EmailField(blank=True, max_length=254, verbose_name='address before')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('supervisor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed to by')),
                ('key_id', models.CharField(default=activation.models.codes._derivation_key_id, editable=False, max_length=8)),
                ('nonce', models.BinaryField(default=activation.models.codes._nonce, max_length=32)),
                ('objected_at', models.DateTimeField(null=True, verbose_name='not asked for, said at')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled')),
            ],
            options={
                'verbose_name': 'change of an address',
                'verbose_name_plural': 'changes of addresses',
                'ordering': ('-at',),
                'indexes': [
                    models.Index(condition=models.Q(('old_email', ''), _negated=True), fields=['at'], name='address_change_kept'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('settled_at__isnull', True), ('objected_at__isnull', False), _connector='OR'), name='address_change_settled_after_objection'),
                ],
            },
        ),
        migrations.CreateModel(
            name='KeyHolder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('applicant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='key_holder', to='counter.applicant', verbose_name='applicant')),
                ('user_name', models.CharField(max_length=50, verbose_name='user name')),
                ('password', models.CharField(editable=False, max_length=128)),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('email', models.EmailField(blank=True, help_text="The address to which mails about the account are sent. It is set at activation.", max_length=254, verbose_name='contact address')),
                ('language', models.CharField(choices=counter.enums.Language.pairs, default='nl', max_length=2, verbose_name='language of e-mails')),
                ('new_email', models.EmailField(blank=True, editable=False, help_text="An address that becomes the contact address once its one-time code is confirmed.", max_length=254)),
                ('session_epoch', models.PositiveIntegerField(default=0, editable=False, help_text="A higher number ends all sessions of the account.")),
                ('anonymised_at', models.DateTimeField(editable=False, null=True, verbose_name='anonymised')),
            ],
            options={
                'verbose_name': 'key holder',
                'verbose_name_plural': 'key holders',
                'indexes': [
                    models.Index(django.db.models.functions.text.Lower('email'), name='key_holder_email'),
                ],
                'constraints': [
                    models.UniqueConstraint(django.db.models.functions.text.Lower('user_name'), condition=models.Q(('anonymised_at__isnull', True)), name='key_holder_user_name_once', violation_error_message='This user name is taken.'),
                    models.CheckConstraint(condition=models.Q(('anonymised_at__isnull', True), models.Q(('email', ''), ('new_email', ''), ('password', ''), ('user_name', '')), _connector='OR'), name='key_holder_anonymised_is_nobody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='KnownBrowser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='known_browsers', to='activation.keyholder')),
                ('mark', models.BinaryField(max_length=32, unique=True)),
                ('signed_in_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'known browser',
                'verbose_name_plural': 'known browsers',
                'indexes': [
                    models.Index(fields=['signed_in_at'], name='known_browser_age'),
                ],
            },
        ),
        migrations.CreateModel(
            name='HolderChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='activation.keyholder', verbose_name='holder')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('act', models.CharField(choices=activation.enums.Change.pairs, max_length=14, verbose_name='what changed')),
                ('kind', models.CharField(blank=True, choices=activation.enums.KeyKind.pairs, max_length=5, verbose_name='kind of key')),
                ('old_email', models.EmailField(blank=True, editable=False, max_length=254)),
            ],
            options={
                'verbose_name': 'change of an account',
                'verbose_name_plural': 'changes of accounts',
                'ordering': ('-at',),
                'indexes': [
                    models.Index(fields=['holder', '-at'], name='holder_change_of_holder'),
                    models.Index(fields=['at'], name='holder_change_age'),
                ],
            },
        ),
        migrations.CreateModel(
            name='KeyEndings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text="The first day of the month.", verbose_name='month')),
                ('count', models.PositiveIntegerField(verbose_name='count')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_endings', to='counter.office')),
            ],
            options={
                'verbose_name': 'keys that end in a month',
                'verbose_name_plural': 'keys that end, by month',
                'ordering': ('office', 'month'),
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('month'), name='key_endings_once_a_month'),
                    models.CheckConstraint(condition=models.Q(('month__day', 1)), name='key_endings_month_is_its_first_day'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DigitalKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='activation.keyholder', verbose_name='holder')),
                ('code', models.ForeignKey(help_text="The code with which the key was activated; for a key added later, the holder's last code.", on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='activation.activationcode', verbose_name='code')),
                ('is_first', models.BooleanField(default=True, help_text='Otherwise the holder added it later.', verbose_name='activated with the code')),
                ('replaces', models.ForeignKey(help_text='That key is revoked when this one is confirmed.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='activation.digitalkey', verbose_name='replaces')),
                ('name', models.CharField(blank=True, max_length=40, verbose_name='name')),
                ('kind', models.CharField(choices=activation.enums.KeyKind.pairs, max_length=5, verbose_name='kind')),
                ('state', models.CharField(choices=activation.enums.KeyState.pairs, default='pending', max_length=8, verbose_name='state')),
                ('secret_sealed', models.BinaryField(default=bytes)),
                ('destination_sealed', models.BinaryField(default=bytes)),
                ('destination_index', models.BinaryField(null=True)),
                ('last_step', models.BigIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('activated_at', models.DateTimeField(null=True, verbose_name='activated')),
                ('valid_until', models.DateTimeField(null=True, verbose_name='valid until')),
                ('expired_at', models.DateTimeField(null=True, verbose_name='expired')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked')),
                ('last_used_at', models.DateTimeField(null=True, verbose_name='last used')),
                ('anonymised_at', models.DateTimeField(editable=False, null=True, verbose_name='anonymised')),
            ],
            options={
                'verbose_name': 'digital key',
                'verbose_name_plural': 'digital keys',
                'ordering': ('-created_at',),
                'indexes': [
                    models.Index(models.F('valid_until'), condition=models.Q(('state', 'active')), name='key_due'),
                    models.Index(fields=['-created_at'], name='key_newest'),
                    models.Index(fields=['activated_at'], name='key_activated'),
                    models.Index(fields=['valid_until'], name='key_by_end'),
                    models.Index(fields=['state', '-created_at'], name='key_in_state'),
                    models.Index(django.db.models.functions.comparison.Coalesce('revoked_at', 'expired_at', 'valid_until'), condition=models.Q(('anonymised_at__isnull', True), ('state__in', ('expired', 'revoked'))), name='key_ended'),
                    models.Index(django.db.models.functions.comparison.Coalesce('revoked_at', 'expired_at', 'valid_until'), condition=models.Q(('state__in', ('expired', 'revoked')), models.Q(('destination_index__isnull', False), models.Q(('secret_sealed', b''), _negated=True), _connector='OR')), name='key_ended_not_emptied'),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('code'), condition=models.Q(('is_first', True), models.Q(('state', 'pending'), _negated=True)), name='key_one_first_a_code'),
                    models.UniqueConstraint(models.F('replaces'), condition=models.Q(('state', 'pending'), _negated=True), name='key_replaced_once'),
                    models.CheckConstraint(condition=models.Q(('state', 'pending'), models.Q(('activated_at__isnull', False), ('state', 'active'), ('valid_until__isnull', False)), models.Q(('expired_at__isnull', False), ('state', 'expired')), models.Q(('revoked_at__isnull', False), ('state', 'revoked')), _connector='OR'), name='key_state_has_time'),
                    models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gt', models.F('activated_at')), _connector='OR'), name='key_valid_after_activation'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SignInActivity',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activity', to='activation.keyholder', verbose_name='holder')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activity', to='activation.digitalkey', verbose_name='key')),
                ('kind', models.CharField(blank=True, choices=activation.enums.KeyKind.pairs, max_length=5, verbose_name='kind of key')),
                ('device', models.CharField(blank=True, max_length=30, verbose_name='device')),
                ('browser', models.CharField(blank=True, max_length=30, verbose_name='browser')),
                ('is_new_device', models.BooleanField(default=False, help_text="Nobody had signed in to the account with this browser before.", verbose_name='new device')),
                ('what_for', models.CharField(choices=activation.enums.SignInFor.pairs, default='sign_in', max_length=11, verbose_name='what for')),
                ('result', models.CharField(choices=activation.enums.SignInResult.pairs, max_length=14, verbose_name='result')),
            ],
            options={
                'verbose_name': 'sign-in of a holder',
                'verbose_name_plural': 'sign-ins of holders',
                'ordering': ('-at',),
                'indexes': [
                    models.Index(fields=['holder', '-at'], name='sign_in_activity_of_holder'),
                    models.Index(fields=['at'], name='sign_in_activity_age'), models.Index(fields=['result', 'at'], name='sign_in_activity_result'),
                ],
            },
        ),
        migrations.CreateModel(
            name='OneTimeCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='one_time_codes', to='activation.digitalkey', verbose_name='key')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='one_time_codes', to='activation.keyholder', verbose_name='holder')),
                ('purpose', models.CharField(choices=activation.enums.Purpose.pairs, default='activate', max_length=8, verbose_name='purpose')),
                ('key_id_used', models.CharField(default=activation.models.codes._derivation_key_id, editable=False, max_length=8)),
                ('nonce', models.BinaryField(default=activation.models.codes._nonce, max_length=32)),
                ('state', models.CharField(choices=activation.enums.OneTimeCodeState.pairs, default='live', max_length=8, verbose_name='state')),
                ('destination_index', models.BinaryField()),
                ('requested_at', models.DateTimeField(verbose_name='requested')),
                ('valid_until', models.DateTimeField(verbose_name='valid until')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('used_at', models.DateTimeField(null=True, verbose_name='used')),
            ],
            options={
                'verbose_name': 'one-time code',
                'verbose_name_plural': 'one-time codes',
                'ordering': ('-requested_at',),
                'indexes': [
                    models.Index(models.F('destination_index'), models.F('requested_at'), name='one_time_code_limits'),
                    models.Index(fields=['requested_at'], name='one_time_code_age'),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('key'), condition=models.Q(('state', 'live')), name='one_time_code_one_live_a_key'),
                    models.UniqueConstraint(models.F('holder'), models.F('purpose'), condition=models.Q(('key__isnull', True), ('state', 'live'), models.Q(('purpose', 'recover'), _negated=True)), name='one_time_code_one_live_a_holder'),
                    models.CheckConstraint(condition=models.Q(('key__isnull', False), ('holder__isnull', False), _connector='OR'), name='one_time_code_goes_to_somebody'),
                    models.CheckConstraint(condition=models.Q(('attempts__lte', 5)), name='one_time_code_attempts_are_limited'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'used'), _negated=True), ('used_at__isnull', False), _connector='OR'), name='one_time_code_used_has_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AddressCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_index', models.BinaryField(max_length=32)),
                ('minute', models.DateTimeField(verbose_name='minute')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='count')),
            ],
            options={
                'verbose_name': 'requests of an address',
                'verbose_name_plural': 'requests of addresses',
                'constraints': [
                    models.UniqueConstraint(models.F('minute'), models.F('address_index'), name='address_count_one_a_minute'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SignInCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_index', models.BinaryField(max_length=32, unique=True)),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='failures')),
                ('last_at', models.DateTimeField(verbose_name='last')),
                ('free_from', models.DateTimeField(verbose_name='free from')),
            ],
            options={
                'verbose_name': 'failed sign-in of a holder',
                'verbose_name_plural': 'failed sign-ins of holders',
                'indexes': [
                    models.Index(fields=['last_at'], name='sign_in_count_age'),
                ],
            },
        ),
        migrations.CreateModel(
            name='WrongPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_index', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField(verbose_name='time')),
                ('device', models.CharField(blank=True, max_length=30, verbose_name='device')),
                ('browser', models.CharField(blank=True, max_length=30, verbose_name='browser')),
            ],
            options={
                'verbose_name': 'wrong password of a holder',
                'verbose_name_plural': 'wrong passwords of holders',
                'indexes': [
                    models.Index(fields=['name_index'], name='wrong_password_of_name'),
                    models.Index(fields=['at'], name='wrong_password_age'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('mark', models.CharField(editable=False, max_length=4)),
                ('hashed', models.CharField(editable=False, max_length=128)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('used_at', models.DateTimeField(null=True, verbose_name='used')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recovery_codes', to='activation.keyholder', verbose_name='holder')),
            ],
            options={
                'verbose_name': 'recovery code',
                'verbose_name_plural': 'recovery codes',
                'ordering': ('made_at',),
                'indexes': [
                    models.Index(fields=['used_at'], name='recovery_code_used', condition=models.Q(('used_at__isnull', False))),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('holder'), models.F('mark'), name='recovery_code_mark_once'),
                ],
            },
        ),
    ]

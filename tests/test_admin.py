"""In the admin a supervisor sees everything and may change little."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes.activation_code import from_bytes, grouped
from activation.codes.derivation import derive
from activation.enums import Change, CodeState, KeyKind, KeyState, SignInResult
from activation.models import (
    ActivationCode,
    DigitalKey,
    HolderChange,
    KeyHolder,
    SignInActivity,
)
from counter.enums import Role
from counter.journal import journal
from counter.models import (
    Applicant,
    Clerk,
    Dossier,
    JournalEntry,
    LegalHold,
    Office,
)
from counter.retention.reasons import HoldReason
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from payments.enums import Method
from payments.taking.taking import take_payment
from tests import cast

READ_ONLY = (
    "counter_applicant",
    "counter_dossier",
    "counter_journalentry",
    "counter_journalseal",
    "counter_legalhold",
    "payments_payment",
    "payments_receipt",
    "payments_reversal",
    "payments_bankrefund",
    "payments_drawersession",
    "payments_drawermovement",
    "payments_terminaltotal",
    "payments_exportbatch",
    "activation_activationcode",
    "activation_keyholder",
    "activation_digitalkey",
    "activation_signinactivity",
    "activation_holderchange",
    "notifications_delivery",
)
PASSWORD_OF_PETER = "de sleutel van Peter"


@pytest.fixture
def superuser(db: None) -> Client:
    """Somebody above the offices, signed in."""
    boss: Clerk = Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def whole(dossier: Dossier, els: Clerk, sofie: Clerk) -> Dossier:
    """Peter's dossier with one row of everything that belongs to a dossier."""
    now = timezone.now()
    payment = take_payment(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(50),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=now,
    )
    cast.make_rest_of_the_money(payment, sofie)
    code = ActivationCode.objects.create(
        dossier=dossier,
        issued_by=els,
        issued_at=now,
        valid_until=now + datetime.timedelta(days=14),
        state=CodeState.USED,
        used_at=now,
    )
    holder = KeyHolder(applicant=dossier.applicant, user_name="peterj", created_at=now)
    holder.set_password(PASSWORD_OF_PETER)
    holder.save()
    key = DigitalKey(
        holder=holder,
        code=code,
        kind=KeyKind.APP,
        state=KeyState.ACTIVE,
        created_at=now,
        activated_at=now,
        valid_until=datetime.datetime(2036, 5, 4, 12, tzinfo=datetime.UTC),
    )
    key.secret = "JBSWY3DPEHPK3PXP"
    key.save()
    SignInActivity.objects.create(
        holder=holder, key=key, at=now, kind=key.kind, result=SignInResult.SIGNED_IN
    )
    HolderChange.objects.create(holder=holder, at=now, act=Change.PASSWORD)
    Delivery.objects.create(
        kind=Kind.ACTIVATION_LINK,
        channel=Channel.MAIL,
        subject=code.pk,
        dossier=dossier,
        state=DeliveryState.SENT,
        created_at=now,
        not_before=now,
        sent_at=now,
        answer="250 accepted",
    )
    LegalHold.objects.create(
        dossier=dossier,
        reason=HoldReason.AUDIT,
        until=timezone.localdate(),
        set_by=sofie,
        set_at=now,
    )
    journal.seal()
    return dossier


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"admin:{name}", args=args), query, follow=True)
    assert response.status_code == 200, (name, response.status_code)
    return str(response.content.decode())


def first_row(name: str) -> object:
    app, model = name.split("_")
    for known in admin.site._registry:
        if (known._meta.app_label, known._meta.model_name) == (app, model):
            rows = known._default_manager.all()
            # Not an entry of no office: every supervisor may read those.
            is_journal = known is JournalEntry
            return (rows.exclude(office=None) if is_journal else rows).first()
    raise LookupError(name)


def test_a_stranger_is_sent_to_the_desks_sign_in(client: Client, db: None) -> None:
    wanted = reverse("admin:counter_dossier_changelist")
    response = client.get(wanted, follow=False)
    assert response.status_code == 302
    response = client.get(response["Location"])
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('counter_sign_in:sign_in')}?next={wanted}"


def test_a_stranger_is_not_sent_elsewhere_afterwards(client: Client, db: None) -> None:
    login = reverse("admin:login")
    response = client.get(login, {"next": "https://evil.example/"})
    assert "evil" not in response["Location"]


def test_a_clerk_is_refused_plainly(els_client: Client) -> None:
    response = els_client.get(reverse("admin:index"), follow=True)
    assert response.status_code == 403


def test_a_supervisor_needs_no_permission_but_the_role(sofie_client: Client) -> None:
    assert reverse("admin:payments_tariff_changelist") in page(sofie_client, "index")
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
        page(sofie_client, name)


@pytest.mark.parametrize("name", READ_ONLY)
@pytest.mark.parametrize("who", ["sofie_client", "superuser"])
def test_what_happened_cannot_be_changed(
    whole: Dossier, name: str, who: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    row = first_row(name)
    pk = getattr(row, "pk")  # noqa: B009 (of any model)
    text = page(client, f"{name}_change", pk)
    assert "_save" not in text
    assert "deletelink" not in text
    for action, args in (("add", ()), ("change", (pk,)), ("delete", (pk,))):
        address = reverse(f"admin:{name}_{action}", args=args)
        assert client.post(address, {"post": "yes"}).status_code == 403
    assert client.get(reverse(f"admin:{name}_add")).status_code == 403
    assert client.get(reverse(f"admin:{name}_delete", args=(pk,))).status_code == 403


def test_a_dossier_shows_what_hangs_on_it(whole: Dossier, sofie_client: Client) -> None:
    text = page(sofie_client, "counter_dossier_change", whole.pk)
    assert "peter@example.org" in text
    assert "10,00" in text or "10.00" in text
    assert "250 accepted" in text
    assert "els" in text
    payment, code, delivery, entry = (
        text.index(part)
        for part in (
            'id="payments-group"',
            'id="codes-group"',
            'id="deliveries-group"',
            'id="journal-group"',
        )
    )
    assert payment < code < delivery < entry


def test_keys_show_until_when_they_are_valid(
    whole: Dossier, sofie_client: Client
) -> None:
    text = page(sofie_client, "activation_digitalkey_changelist")
    assert "2036" in text


def test_no_page_shows_a_secret(whole: Dossier, sofie_client: Client) -> None:
    code = ActivationCode.objects.get()
    plain = from_bytes(derive(kid=code.key_id, purpose="code", nonce=bytes(code.nonce)))
    secrets = {
        cast.PETER_NUMBER,
        "033.28",
        "EN123456",
        plain,
        grouped(plain),
        bytes(code.nonce).hex(),
        "JBSWY3DPEHPK3PXP",
        KeyHolder.objects.get().password,
    }
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        pages = [page(sofie_client, f"{name}_changelist")]
        row = model._default_manager.first()
        if row is not None and name != "counter_clerk":
            pages += [
                page(sofie_client, f"{name}_change", row.pk),
                page(sofie_client, f"{name}_history", row.pk),
            ]
        for text in pages:
            assert not [secret for secret in secrets if secret in text], name


def test_a_number_is_masked(whole: Dossier, sofie_client: Client) -> None:
    text = page(sofie_client, "counter_applicant_changelist")
    assert "85.07.30-***.**" in text


def test_a_person_is_shown_with_the_names_of_each_visit(
    dossier: Dossier, gust: Clerk, sofie_client: Client
) -> None:
    Dossier.objects.update(
        last_name="Peeters", state="lapsed", lapsed_at=timezone.now()
    )
    elsewhere = cast.make_dossier(dossier.applicant, gust)
    Dossier.objects.filter(pk=elsewhere.pk).update(last_name="Maes")
    text = page(sofie_client, "counter_applicant_change", dossier.applicant.pk)
    assert "Peeters" in text
    assert "Maes" not in text


def test_a_number_that_does_not_open_does_not_break_the_list(
    peter: Applicant, dossier: Dossier, sofie_client: Client
) -> None:
    Applicant.objects.update(national_number_sealed=b"\x02e1" + bytes(40))
    assert "Janssens" in page(sofie_client, "counter_applicant_changelist")


@pytest.mark.parametrize(
    "name",
    [
        *(name for name in READ_ONLY if name != "counter_journalseal"),
        "counter_office",
        "counter_clerk",
        "payments_tariff",
    ],
)
def test_another_office_stays_out_of_sight(
    whole: Dossier, other_office: Office, name: str
) -> None:
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    client = Client()
    client.force_login(lies)
    row = first_row(name)
    pk = getattr(row, "pk")  # noqa: B009 (of any model)
    response = client.get(reverse(f"admin:{name}_change", args=(pk,)))
    assert response.status_code == 302
    assert response["Location"] == reverse("admin:index")
    listed = client.get(reverse(f"admin:{name}_changelist")).context["cl"].result_list
    assert pk not in [row.pk for row in listed]

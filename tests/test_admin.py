"""The supervisor's side: everything to be seen, little to be changed."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activation.codes import from_bytes, grouped
from activation.derivation import derive
from activation.enums import Change, CodeState, KeyKind, KeyState, SignInResult
from activation.models import (
    ActivationCode,
    DigitalKey,
    HolderChange,
    KeyHolder,
    SignInActivity,
)
from counter import journal
from counter.enums import Event, Role
from counter.models import Applicant, Clerk, ClosingDay, Dossier, JournalEntry, Office
from counter.supervision import BoundedPaginator
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from payments.enums import Method
from payments.services import take_payment
from tests import cast

READ_ONLY = (
    "counter_applicant",
    "counter_dossier",
    "counter_journalentry",
    "counter_journalseal",
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
    """Someone above the offices."""
    boss: Clerk = Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def whole(dossier: Dossier, els: Clerk, sofie: Clerk) -> Dossier:
    """Peter's dossier with one of everything under it."""
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
    HolderChange.objects.create(holder=holder, at=now, what=Change.PASSWORD)
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
    journal.seal()
    return dossier


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"admin:{name}", args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return str(response.content.decode())


def first_row(name: str) -> object:
    app, model = name.split("_")
    for known in admin.site._registry:
        if (known._meta.app_label, known._meta.model_name) == (app, model):
            return known._default_manager.first()
    raise LookupError(name)


def test_a_stranger_is_sent_to_the_desks_sign_in(client: Client, db: None) -> None:
    wanted = reverse("admin:counter_dossier_changelist")
    response = client.get(wanted, follow=False)
    assert response.status_code == 302
    response = client.get(response["Location"])
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('counter:sign_in')}?next={wanted}"


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
            'id="payment-group"',
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


def test_filters_offer_own_colleagues_only(
    whole: Dossier, gust: Clerk, bart: Clerk, sofie_client: Client
) -> None:
    text = page(sofie_client, "counter_journalentry_changelist")
    assert "bart" in text
    assert "gust" not in text


@pytest.mark.parametrize(
    "query",
    [
        {"email__startswith": "p"},
        {"applicant__last_name": "Janssens"},
        {"document_number_sealed__contains": "x"},
        {"recorded_by__password__startswith": "a"},
    ],
)
def test_no_column_can_be_asked_for_in_the_address(
    whole: Dossier, sofie_client: Client, query: dict[str, str]
) -> None:
    address = reverse("admin:counter_dossier_changelist")
    assert sofie_client.get(address, query).status_code == 400


def test_a_nul_in_the_address_breaks_no_list(sofie_client: Client) -> None:
    answer = sofie_client.get(
        reverse("admin:counter_dossier_changelist"), {"state__exact": "\0"}
    )
    assert answer.status_code == 302


def test_a_password_cannot_be_asked_for_letter_by_letter(
    whole: Dossier, sofie_client: Client
) -> None:
    for name in ("activation_keyholder", "counter_clerk"):
        response = sofie_client.get(
            reverse(f"admin:{name}_changelist"), {"password__startswith": "argon2"}
        )
        assert response.status_code == 400


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("counter_dossier", {"state__exact": "paid"}),
        ("counter_journalentry", {"event__exact": "payment_taken"}),
        (
            "counter_journalentry",
            {"at__gte": "2020-01-01 00:00Z", "at__lt": "2100-01-01 00:00Z"},
        ),
        ("activation_digitalkey", {"kind__exact": "app"}),
        ("notifications_delivery", {"state__exact": "sent"}),
    ],
)
def test_filters_find(
    whole: Dossier, sofie_client: Client, name: str, query: dict[str, str]
) -> None:
    assert 'class="field-' in page(sofie_client, f"{name}_changelist", **query)


def test_filtering_by_clerk_finds_what_she_did(
    whole: Dossier, els: Clerk, bart: Clerk, sofie_client: Client
) -> None:
    name = "counter_journalentry_changelist"
    assert "field-sentence" in page(sofie_client, name, clerk__id__exact=str(els.pk))
    nothing = page(sofie_client, name, clerk__id__exact=str(bart.pk))
    assert "field-sentence" not in nothing


def test_a_dossier_is_found_by_its_reference(
    whole: Dossier, sofie_client: Client
) -> None:
    for name in ("counter_dossier", "activation_digitalkey", "counter_journalentry"):
        listing = f"{name}_changelist"
        found = page(sofie_client, listing, q=whole.reference)
        assert whole.reference in found.split('id="result_list"')[1]
        assert 'id="result_list"' not in page(sofie_client, listing, q="00000000")
        assert 'id="result_list"' not in page(sofie_client, listing, q="Janssens")


def test_no_holder_is_searched_because_a_search_stands_in_the_url(
    whole: Dossier, sofie_client: Client
) -> None:
    name = "activation_keyholder_changelist"
    assert 'name="q"' not in page(sofie_client, name)


def test_a_forged_journal_row_is_shown(dossier: Dossier, sofie_client: Client) -> None:
    JournalEntry.objects.create(
        event="gone_fishing", actor_kind="system", office=dossier.office
    )
    assert "gone_fishing" in page(sofie_client, "counter_journalentry_changelist")


def test_long_lists_are_not_counted_to_the_end(
    dossier: Dossier, sofie_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(60):
        journal.write(Event.SLIP_PRINTED, dossier=dossier)
    monkeypatch.setattr(BoundedPaginator, "reach", 51)
    address = reverse("admin:counter_journalentry_changelist")
    response = sofie_client.get(address, {"p": 2})
    assert response.context["cl"].result_count == 51
    assert "is-cut" in response.content.decode()


def test_a_list_asks_the_database_as_often_for_many_as_for_one(
    whole: Dossier,
    els: Clerk,
    sofie_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in (cast.MARIE_NUMBER, cast.LEILA_NUMBER, cast.ANNA_NUMBER):
        dossier = cast.make_dossier(cast.make_applicant(number), els)
        journal.write(Event.SLIP_PRINTED, dossier=dossier, clerk=els)
    for model in admin.site._registry:
        with django_assert_max_num_queries(9):
            name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
            page(sofie_client, name)


def test_an_admin_without_the_houses_rules_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured):
        admin.site.register(ClosingDay, admin.ModelAdmin)

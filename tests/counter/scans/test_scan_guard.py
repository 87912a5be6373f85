"""A document reader types where the focus is; only fields for a scan accept it."""

import json
import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.forms.renderers import get_default_renderer
from django.test import Client
from django.urls import reverse

from activation.models import ActivationCode
from counter.models import Clerk, Dossier, Draft, JournalEntry
from counter.scans.scan_guard import GuardedField, refusal
from payments.models import Payment, Terminal
from tests.counter.dossiers.record_form import typed
from tests.counter.scans.zones import BELGIAN, on_azerty, peters_card
from tests.litany import signed_in

ROOT = Path(__file__).resolve().parents[3]
OURS = ("counter", "payments", "activation", "notifications", "config")
#: The only fields that are meant for a scan, or for eleven digits. FindForm, of the
#: admin, refuses a scan with a sentence of its own.
FOR_A_SCAN = {"SearchForm.q", "FindForm.q"}
FOR_ELEVEN_DIGITS = FOR_A_SCAN | {
    "RecordForm.national_number",
    "CorrectionForm.national_number",
    "CorrectDetailsForm.national_number",
    "CorrectNumberForm.national_number",
    "NumberReadingForm.national_number",
    "EmailReadingForm.national_number",
    "NumberForm.mobile",
    "DestinationForm.mobile",
}
_FIRST, LINE, NAMES = peters_card().split("\n")
NUMBER = "85.07.30-033.28"


def form_classes(base: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for form in base.__subclasses__():
        yield form
        yield from form_classes(form)


def our_forms() -> set[type[forms.BaseForm]]:
    for app in OURS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts and "settings" not in path.parts:
                parts = path.relative_to(ROOT).with_suffix("").parts
                if path.name != "__main__.py":
                    import_module(".".join(parts))
    all_forms = set(form_classes(forms.BaseForm))
    return {form for form in all_forms if form.__module__.startswith(OURS)}


def fields_of(form: type[Any]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = form.base_fields
    return fields


def test_every_form_has_the_guard() -> None:
    assert get_default_renderer().bound_field_class is GuardedField
    forms_found = our_forms()
    assert len(forms_found) > 30
    for form in forms_found:
        own = form.bound_field_class or GuardedField
        assert issubclass(own, GuardedField), form
        for name, field in fields_of(form).items():
            own = field.bound_field_class or GuardedField
            assert issubclass(own, GuardedField), (form, name)


def test_only_the_fields_named_here_take_a_scan_or_a_number() -> None:
    named = {
        f"{form.__name__}.{name}": field
        for form in our_forms()
        for name, field in fields_of(form).items()
    }
    scans = {name for name, field in named.items() if not refuses(field, LINE)}
    numbers = {name for name, field in named.items() if not refuses(field, NUMBER)}
    assert scans == FOR_A_SCAN
    assert numbers == FOR_ELEVEN_DIGITS


def refuses(field: forms.Field, text: str) -> bool:
    """Whether the field refuses the text, or is hidden or for a password."""
    hidden = field.widget.is_hidden or isinstance(field.widget, forms.PasswordInput)
    return hidden or bool(refusal(field, text))


def test_the_admins_forms_have_it_too(sofie: Clerk) -> None:
    seen = set()
    for model, model_admin in admin.site._registry.items():
        request = Client().get("/").wsgi_request
        request.user = sofie
        if not model_admin.has_change_permission(request):
            continue
        form = model_admin.get_form(request)
        bound = form({})
        for name, field in fields_of(form).items():
            assert isinstance(bound[name], GuardedField), (model, name)
            assert refuses(field, LINE), (model, name)
            seen.add(name)
    assert {"name", "number", "subject"} & seen


# What happens at a field


def _lines() -> list[str]:
    lines = [*peters_card().split("\n"), *BELGIAN.split("\n")[1:]]
    return [*lines, *map(on_azerty, lines), f"bon {NUMBER}", NUMBER]


@pytest.mark.parametrize("text", _lines())
def test_a_scan_on_the_pay_page_books_nothing(
    els_client: Client, dossier: Dossier, tariff: object, text: str
) -> None:
    """With a terminal and without one; the field comes back empty."""
    del tariff
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    form = {
        "submission": "8d1cf0d3-5c0a-4b55-8f1f-90bb4a1f2f60",
        "method": "card",
        "terminal_slip": text,
    }
    answer = els_client.post(pay, form)
    assert answer.status_code == 422
    bound = answer.context["form"]
    assert bound["terminal_slip"].value() == ""
    assert list(bound.errors) == ["terminal_slip"]
    assert text[:12] not in answer.content.decode()
    assert not Payment.objects.exists()
    assert not ActivationCode.objects.exists()
    office = dossier.office
    terminal = Terminal.objects.create(office=office, name="Terminal", number="1")
    answer = els_client.post(pay, form | {"terminal": str(terminal.pk)})
    assert answer.status_code == 422
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("last_name", LINE),
        ("last_name", "Ann IDBEL000001115<7027<<<"),
        ("first_names", NAMES),
        ("first_names", f"Peter {NUMBER}"),
        ("document_number", LINE),
        ("document_number", NUMBER),
        ("document_country", NAMES),
        ("document_expiry", LINE),
        ("birth_date", on_azerty(LINE)),
        ("national_number", LINE),
        ("email", LINE),
        ("email", NUMBER),
    ],
)
def test_a_scan_in_a_field_of_the_visit_records_and_keeps_nothing(
    els_client: Client, caplog: pytest.LogCaptureFixture, field: str, text: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = els_client.post(
            reverse("counter_dossiers:record_applicant"), typed(**{field: text})
        )
        els_client.post(reverse("counter_dossiers:save_draft"), typed(**{field: text}))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors[field]
    assert form[field].value() == ""
    if field != "email":
        assert form["email"].value() == "peter@example.org"
    assert not Dossier.objects.exists()
    left = [answer.content.decode(), caplog.text]
    left += [str(row) for row in JournalEntry.objects.values()]
    left += [str(row.get_decoded()) for row in Session.objects.all()]
    drafts = [json.loads(draft.content) for draft in Draft.objects.all()]
    assert not [draft for draft in drafts if field in draft]
    # The page does show the number in the field for national numbers.
    if text != NUMBER:
        assert not [where for where in left if text in where]


def test_the_desk_still_reads_one(els_client: Client) -> None:
    answer = els_client.post(reverse("counter_desk:find_dossier"), {"q": peters_card()})
    assert answer.status_code == 200
    assert answer.context["form"]["document_number"].value() == "000001115702"


@pytest.mark.django_db
def test_a_scan_as_a_user_name_is_no_failed_sign_in() -> None:
    before = JournalEntry.objects.count()
    answer = Client().post(
        reverse("counter_sign_in:sign_in"), {"username": LINE, "password": "x"}
    )
    assert LINE not in answer.content.decode()
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("text", [LINE, NAMES, on_azerty(LINE), NUMBER])
def test_the_admins_search_keeps_none_in_its_address(sofie: Clerk, text: str) -> None:
    page = reverse("admin:counter_dossier_changelist")
    client = signed_in(sofie)
    answer = client.get(page, {"q": text, "state__exact": "paid"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{page}?state__exact=paid"
    assert text not in client.get(answer.headers["Location"]).content.decode()
    assert client.get(page, {"q": "ABCD1234"}).status_code == 200


def test_what_people_type_is_kept_as_ever(els_client: Client) -> None:
    form = typed(last_name="D'Hondt-Vanderstraeten", first_names="J.P.M. Anne-Marie")
    assert (
        els_client.post(reverse("counter_dossiers:record_applicant"), form).status_code
        == 303
    )

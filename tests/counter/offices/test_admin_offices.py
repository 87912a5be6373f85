"""The supervisor keeps the office: hours, closing days, what is printed about it."""

import datetime

from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.email import typo_check
from counter.enums import PageLanguage, TextSlot
from counter.models import ClosingDay, Office, OfficeText
from tests.counter.supervision.test_as_shown import as_the_page_sends_it, save


def office_form(office: Office, **changes: str) -> dict[str, str]:
    data = {
        name: str(getattr(office, name))
        for name in (
            "name",
            "authority",
            "enterprise_number",
            "address",
            "postal_code",
            "city",
            "phone",
            "email",
            "help_phone",
            "minimum_age",
            "ask_below_age",
            "app_keys",
            "sms_keys",
            "email_keys",
        )
    }
    for prefix in ("hours", "closing_days", "texts"):
        data |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
    return data | changes


def test_hours_and_closing_days_are_kept_with_the_office(
    office: Office, sofie_client: Client
) -> None:
    address = reverse("admin:counter_office_change", args=(office.pk,))
    data = office_form(
        office,
        phone="016 00 00 00",
        **{
            "hours-0-weekday": "0",
            "hours-0-opens": "09:00",
            "hours-0-closes": "20:00",
            "closing_days-0-date": "2026-05-14",
            "closing_days-0-occasion": "Hemelvaart",
        },
    )
    assert sofie_client.post(address, data).status_code == 302
    office.refresh_from_db()
    assert office.phone == "016 00 00 00"
    assert office.hours.count() == 1
    assert office.closing_days.get().occasion == "Hemelvaart"


def test_an_office_with_many_closing_days_and_every_text_can_be_changed(
    office: Office, sofie_client: Client
) -> None:
    """The page sends all fields of each row, hundreds in all."""
    start = datetime.date(timezone.localdate().year, 1, 1)
    ClosingDay.objects.bulk_create(
        ClosingDay(
            office=office, date=start + datetime.timedelta(days), occasion="Dicht"
        )
        for days in range(60)
    )
    OfficeText.objects.bulk_create(
        OfficeText(office=office, slot=slot, language=language, text="Tekst")
        for slot in TextSlot
        for language in PageLanguage
    )
    sent = as_the_page_sends_it(sofie_client, office) | {"phone": "016 00 00 00"}
    assert len(sent) > 400
    save(sofie_client, office, sent)
    office.refresh_from_db()
    assert office.phone == "016 00 00 00"
    assert office.closing_days.count() == 60


def test_closing_days_of_long_ago_do_not_fill_the_page(
    office: Office, sofie_client: Client
) -> None:
    year = timezone.localdate().year
    for earlier in range(12):
        day = datetime.date(year - earlier, 5, 1)
        ClosingDay.objects.create(office=office, date=day, occasion="Dag van de arbeid")
    sent = as_the_page_sends_it(sofie_client, office)
    assert sent["closing_days-INITIAL_FORMS"] == 2
    save(sofie_client, office, sent)
    assert office.closing_days.count() == 12


def test_elsewhere_a_form_has_few_fields(els_client: Client) -> None:
    """Pages of the desk and the public have no rows, so 200 fields are enough there."""
    record = reverse("counter_dossiers:record_applicant")
    many = {f"field{number}": "x" for number in range(201)}
    assert els_client.post(record, many).status_code == 400
    assert els_client.get(record, many).status_code == 400
    assert els_client.post(record, dict(list(many.items())[:200])).status_code != 400


def test_hours_that_end_before_they_begin_are_refused_at_the_field(
    office: Office, sofie_client: Client
) -> None:
    address = reverse("admin:counter_office_change", args=(office.pk,))
    data = office_form(
        office,
        **{
            "hours-0-weekday": "0",
            "hours-0-opens": "20:00",
            "hours-0-closes": "09:00",
        },
    )
    response = sofie_client.post(address, data)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not office.hours.exists()


def test_the_history_names_fields_and_never_values(
    office: Office, sofie_client: Client
) -> None:
    address = reverse("admin:counter_office_change", args=(office.pk,))
    sofie_client.post(address, office_form(office, email="nieuw@leuven.example"))
    entry = LogEntry.objects.get()
    assert "nieuw@" not in entry.change_message + entry.object_repr


def test_a_text_in_one_language_only_is_said_when_it_is_saved(
    office: Office, sofie_client: Client
) -> None:
    address = reverse("admin:counter_office_change", args=(office.pk,))
    text = {"slot": "which", "language": "nl", "text": "Zie https://www.csam.be/."}
    data = office_form(office, **{f"texts-0-{name}": of for name, of in text.items()})
    answer = sofie_client.post(address, data, follow=True)
    (warning,) = [
        str(message)
        for message in answer.context["messages"]
        if "text of yours" in str(message)
    ]
    assert "French, German, English" in warning
    page = Client().get("/nl/").content.decode()
    assert '<a href="https://www.csam.be/" rel="nofollow">' in page


def test_a_line_break_in_a_text_counts_as_one(
    office: Office, sofie_client: Client
) -> None:
    address = reverse("admin:counter_office_change", args=(office.pk,))
    lines = ["x" * 99] * 30
    text = {"slot": "which", "language": "nl", "text": "\r\n".join(lines) + "."}
    data = office_form(office, **{f"texts-0-{name}": of for name, of in text.items()})
    assert sofie_client.post(address, data).status_code == 302
    assert OfficeText.objects.get().text == "\n".join(lines) + "."


def test_dates_and_addresses_are_read_as_at_the_desk(
    office: Office, sofie_client: Client
) -> None:
    address = reverse("admin:counter_office_change", args=(office.pk,))
    data = office_form(
        office,
        email="Stadskantoor <info@stra\u00dfe.de>",
        **{
            "closing_days-0-date": "14,05,2026",
            "closing_days-0-occasion": "Hemelvaart",
        },
    )
    assert sofie_client.post(address, data).status_code == 302
    office.refresh_from_db()
    assert office.email == "info@xn--strae-oqa.de"
    assert office.closing_days.get().date == datetime.date(2026, 5, 14)
    assert "info@stra\u00dfe.de" in sofie_client.get(address).content.decode()
    answer = sofie_client.post(address, data | {"email": "inf\u0131@x.be"})
    assert "\u0131" in answer.context["adminform"].form.errors["email"][0]


def test_a_domain_of_work_is_kept_as_mail_servers_know_it(sofie_client: Client) -> None:
    add = reverse("admin:counter_maildomain_add")
    assert sofie_client.post(add, {"domain": "@Stra\u00dfe.DE"}).status_code == 302
    assert typo_check.is_of_work_or_study("jan@mail.stra\u00dfe.de")
    assert not typo_check.is_of_work_or_study("jan@strasse.de")
    answer = sofie_client.post(add, {"domain": "een school"})
    assert answer.context["adminform"].form.errors["domain"]


def test_what_is_printed_is_typed_in_letters_that_can_be(
    office: Office, sofie_client: Client
) -> None:
    address = reverse("admin:counter_office_change", args=(office.pk,))
    for name in ("name", "authority", "address", "city"):
        answer = sofie_client.post(
            address, office_form(office, **{name: "\u5e02 Leuven"})
        )
        assert "\u5e02" in answer.context["adminform"].form.errors[name][0]

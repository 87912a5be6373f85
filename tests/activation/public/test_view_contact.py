"""Writing to the office: the message arrives in its mailbox."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from activation.codes.activation_code import check_character
from activation.public.forms import LONGEST
from counter.enums import EnquiryKind
from counter.journal.events import Event
from counter.models import Enquiry, JournalEntry, Office
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.activation.public.contact_form import SENT, URL, message, stamp
from tests.cast import PETER_NUMBER
from tests.counter.scans.zones import BELGIAN
from tests.mail_server import MailServer


def test_the_answer_goes_to_the_address_as_it_was_meant(
    client: Client, office: Office, mail_server: MailServer
) -> None:
    client.post(URL, message(email="An <an@stra\u00dfe.de>"))
    deliver_due()
    assert mail_server.messages[0]["Reply-To"] == "an@xn--strae-oqa.de"
    page = client.post(URL, message(email="\u0430n@example.org"))
    assert page.status_code == 422
    assert "\u0430" in page.context["form"].errors["email"][0]


def test_a_question_reaches_the_mailbox(
    client: Client, office: Office, mail_server: MailServer
) -> None:
    assert client.post(URL, message())["Location"] == SENT
    assert client.get(SENT).status_code == 200
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.language) == (EnquiryKind.QUESTION, "en")
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.dossier) == (Kind.ENQUIRY, None)

    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}

    assert mail_server.recipients == [office.email]
    (mail,) = mail_server.messages
    assert mail["Reply-To"] == "an@example.org"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Can I come on Monday?" in body.get_content()
    assert JournalEntry.objects.get(event=Event.MAIL_SENT).office == office


def test_without_an_address_there_is_nobody_to_answer(
    client: Client, office: Office, mail_server: MailServer
) -> None:
    client.post(URL, message(email="", name=""))
    deliver_due()
    (mail,) = mail_server.messages
    assert mail["Reply-To"] is None
    body = mail.get_body(("plain",))
    assert body is not None
    assert "geen adres" in body.get_content()


def test_a_line_break_counts_as_one_as_it_does_in_the_browser(
    client: Client, office: Office
) -> None:
    """A browser lets 4,000 be typed, and sends each line break as two characters."""
    lines = ["ja " * 33] * 40
    longest = "\r\n".join(lines) + "."
    assert len(longest) > LONGEST
    answer = client.post(URL, message(text=longest + "."))
    assert answer.status_code == 422
    assert answer.context["form"].has_error("text", "max_length")
    assert client.post(URL, message(text=longest))["Location"] == SENT
    assert Enquiry.objects.get().text == "\n".join(lines) + "."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "an@example.org\r\nBcc: eve@example.org"),
        ("email", "an@example.org\nX-Evil: 1"),
        ("email", "an@example.org, eve@example.org"),
        ("name", "An\r\nBcc: eve@example.org"),
        ("text", "Hello\r\nBcc: eve@example.org\r\n\r\n<script>alert(1)</script>"),
        ("text", "{% include 'x' %} {{ office.email }}"),
    ],
)
def test_no_header_and_no_markup_gets_in(
    client: Client, office: Office, mail_server: MailServer, field: str, value: str
) -> None:
    answer = client.post(URL, message(**{field: value}))
    if field == "email":
        assert answer.status_code == 422
        assert not Enquiry.objects.exists()
        return
    deliver_due()
    (mail,) = mail_server.messages
    assert mail_server.recipients == [office.email]
    assert mail["Bcc"] is None
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert value.split(maxsplit=1)[0] in html.get_content()


def test_an_address_put_in_past_the_form_is_refused_in_the_mail(
    office: Office, mail_server: MailServer
) -> None:
    enquiry = Enquiry.objects.create(
        submission=uuid.uuid4(),
        office=office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        email="an@example.org\nBcc: eve@example.org",
        text="x",
        received_at=timezone.now(),
    )
    Delivery.objects.create(
        kind=Kind.ENQUIRY,
        channel="mail",
        subject=enquiry.pk,
        enquiry=enquiry,
        created_at=timezone.now(),
        not_before=timezone.now(),
    )
    assert deliver_due().outcomes == {SendingOutcome.REFUSED: 1}
    assert mail_server.messages == []


def test_a_mailbox_that_refuses_is_told_of_in_the_admin(
    client: Client, office: Office, mail_server: MailServer, sofie_client: Client
) -> None:
    mail_server.answers["info"] = "550 5.2.2 Mailbox full"
    client.post(URL, message())
    deliver_due()
    assert Delivery.objects.get().state == DeliveryState.REFUSED
    enquiry = Enquiry.objects.get()
    page = sofie_client.get(f"/admin/counter/enquiry/{enquiry.pk}/change/")
    assert "Mailbox full" in page.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"text": " "}, "Write your message here."),
        ({"text": "x" * 4001}, "too long"),
        ({"email": "an@"}, "not a whole e-mail address"),
        ({"website": "https://example.org"}, "Make this field empty"),
        ({"stamp": ""}, "open for too long"),
        ({"stamp": "forged:1:abc"}, "open for too long"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(
    client: Client, office: Office, changed: dict[str, str], sentence: str
) -> None:
    page = client.post(URL, message(**changed))
    assert page.status_code == 422
    assert sentence in page.text
    assert not Enquiry.objects.exists()
    typed = message(**changed)
    assert typed["text"].strip()[:60] in page.text
    assert typed["email"] in page.text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            f"My number is {PETER_NUMBER}. When do you open?",
            "My number is … When do you open?",
        ),
        ("Nr 85.07.30-033.28, please\nAn", "Nr … please\nAn"),
        ("I am 85 07 30 033 28\nof 12 May 2026.", "I am …\nof 12 May 2026."),
        ("2 keys, 85.07.30 / 033.28 and 3 more", "2 keys, … and 3 more"),
        ("850730\n033 28", "…"),
        (f"Hello\n{BELGIAN}\nGreetings", "Hello\n…\n…\n…\nGreetings"),
    ],
)
def test_a_number_or_a_scan_is_taken_out_of_a_message_and_the_rest_stays(
    client: Client, office: Office, text: str, left: str
) -> None:
    page = client.post(URL, message(text=text))
    assert page.status_code == 422
    shown = page.context["form"]["text"].value().replace("\r", "")
    assert shown == left
    assert not Enquiry.objects.exists()
    again = {"text": shown, "stamp": stamp()}
    assert client.post(URL, message() | again).status_code == 303
    assert Enquiry.objects.get().text == left


def test_an_activation_code_is_kept_out_of_the_mailbox(
    client: Client, office: Office
) -> None:
    code = "ABCD1234EFGH5"
    code += check_character(code)
    for typed in (code, f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}"):
        page = client.post(URL, message(text=f"My code {typed} fails"))
        assert page.status_code == 422
        assert "give your code to nobody" in page.text


def test_nothing_is_written_by_looking(client: Client, office: Office) -> None:
    assert client.get(URL).status_code == 200
    assert not Enquiry.objects.exists()


def test_nothing_of_it_is_logged(
    client: Client,
    office: Office,
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    client.post(URL, message())
    deliver_due()
    assert "'en/contact/'" in caplog.text
    assert "an@example.org" not in caplog.text
    assert "Monday" not in caplog.text

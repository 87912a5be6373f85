"""The demo inbox: mails and SMS messages in the browser, on this machine only."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from localrun.inbox.sms import DemoInbox
from localrun.servers.smtp import store

EARLIER = "20260301T091500.000000Z-0000000a"
LATER = "20260301T091600.000000Z-0000000b"


@pytest.fixture(autouse=True)
def inbox(settings: Settings, tmp_path: Path) -> Path:
    settings.DEMO_INBOX = tmp_path
    return tmp_path


def put_mail(inbox: Path, name: str, *, html: str = "") -> None:
    message = EmailMessage()
    message["To"] = "els@voorbeeld.be"
    message["Subject"] = "Uw digitale sleutel"
    message.set_content("Open http://127.0.0.1:8000/nl/a/abc en typ de code <A>.\n")
    if html:
        message.add_alternative(html, subtype="html")
    store(inbox / "mail", f"{name}.eml", message.as_bytes())


def test_an_empty_inbox_says_what_to_do(client: Client, inbox: Path) -> None:
    advice = "Geef een code aan het loket, en de e-mail verschijnt hier."
    assert advice in client.get(reverse("localrun_inbox:inbox")).text
    put_mail(inbox, EARLIER)
    assert advice not in client.get(reverse("localrun_inbox:inbox")).text


def test_the_newest_message_stands_first(client: Client, inbox: Path) -> None:
    put_mail(inbox, EARLIER)
    put_mail(inbox, LATER)
    page = client.get(reverse("localrun_inbox:inbox")).text
    assert page.index(LATER) < page.index(EARLIER)


def test_an_sms_arrives_beside_the_mails(client: Client, inbox: Path) -> None:
    DemoInbox().send(to="+32470000000", text="Uw code is 123456", reference="7")
    page = client.get(reverse("localrun_inbox:inbox")).text
    assert "Uw code is 123456" in page
    assert "+32470000000" in page
    assert len(list((inbox / "sms").glob("*.json"))) == 1


def test_without_a_demo_inbox_no_sms_is_pretended_to_be_sent(
    settings: Settings,
) -> None:
    settings.DEMO_INBOX = None
    with pytest.raises(ImproperlyConfigured):
        DemoInbox().send(to="+32470000000", text="Uw code is 123456", reference="7")


def test_the_page_is_left_alone_while_nothing_is_new(
    client: Client, inbox: Path
) -> None:
    put_mail(inbox, EARLIER)
    address, headers = reverse("localrun_inbox:inbox"), {"HX-Request": "true"}
    same = client.get(address, {"shown": EARLIER}, headers=headers)
    assert same.status_code == 204
    put_mail(inbox, LATER)
    new = client.get(address, {"shown": EARLIER}, headers=headers)
    assert LATER in new.text
    assert "<html" not in new.text


def test_the_link_in_a_mail_can_be_followed(client: Client, inbox: Path) -> None:
    put_mail(inbox, EARLIER)
    page = client.get(reverse("localrun_inbox:message", args=[EARLIER])).text
    assert 'href="http://127.0.0.1:8000/nl/a/abc"' in page
    assert "&lt;A&gt;" in page
    assert "<iframe" not in page


def test_the_html_part_is_framed_under_a_policy_of_its_own(
    client: Client, inbox: Path
) -> None:
    put_mail(inbox, EARLIER, html='<p style="color:red">Sleutel</p>')
    framing = client.get(reverse("localrun_inbox:message", args=[EARLIER]))
    assert "frame-src 'self'" in framing["Content-Security-Policy"]
    assert "unsafe" not in framing["Content-Security-Policy"]
    framed = client.get(reverse("localrun_inbox:message_html", args=[EARLIER]))
    policy = framed["Content-Security-Policy"]
    assert '<p style="color:red">Sleutel</p>' in framed.text
    assert "sandbox allow-popups" in policy
    assert "script" not in policy
    assert "default-src 'none'" in policy
    assert framed["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["..", "mail", "20260301T091500.000000Z-ffffffff"])
def test_only_messages_that_are_there_can_be_opened(client: Client, name: str) -> None:
    for view in ("message", "message_html"):
        response = client.get(f"/demo/inbox/{name}/" + "html/" * (view != "message"))
        assert response.status_code == 404


def test_files_that_are_no_messages_are_not_read(client: Client, inbox: Path) -> None:
    store(inbox / "mail", "notes.eml", b"Subject: private\n\n")
    assert "private" not in client.get(reverse("localrun_inbox:inbox")).text


def test_nothing_can_be_written(client: Client) -> None:
    assert client.post(reverse("localrun_inbox:inbox")).status_code == 405

"""The mail catcher speaks real SMTP, keeps each mail, and refuses some on purpose."""

import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from localrun.inbox.messages import newest
from localrun.servers.smtp import MailCatcher
from tests.processes.conftest import wait_for


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "mail") as server:
        yield server


def mail(to: str, subject: str = "Uw sleutel") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "noreply@sleutelloket.example"
    message["To"] = to
    message["Subject"] = subject
    message.set_content("Beste, de koppeling: http://127.0.0.1:8000/nl/a/abc\n")
    message.add_alternative("<p>Beste, de <b>koppeling</b></p>", subtype="html")
    return message


def send(catcher: MailCatcher, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.port, timeout=5) as client:
        client.send_message(message)


def test_a_mail_is_kept_whole_in_a_file_of_its_own(catcher: MailCatcher) -> None:
    send(catcher, mail("els@voorbeeld.be", "Zoë’s sleutel"))
    send(catcher, mail("jan@voorbeeld.be"))
    second, first = newest(catcher.directory.parent)
    assert (first.to, first.subject) == ("els@voorbeeld.be", "Zoë’s sleutel")
    assert "/nl/a/abc" in first.text
    assert "<b>koppeling</b>" in first.html
    assert second.to == "jan@voorbeeld.be"
    assert not list(catcher.directory.glob("*.part"))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("refused@voorbeeld.be", 550),
        ("Refused@elders.example", 550),
        ("later@voorbeeld.be", 451),
    ],
)
def test_some_addresses_misbehave_on_purpose(
    catcher: MailCatcher, address: str, code: int
) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(catcher, mail(address))
    assert refusal.value.recipients[address][0] == code
    assert catcher.messages() == []


def test_it_comes_back_on_the_same_port(catcher: MailCatcher) -> None:
    catcher.stop()
    with pytest.raises(OSError, match="refused"):
        send(catcher, mail("els@voorbeeld.be"))
    catcher.start()
    send(catcher, mail("els@voorbeeld.be"))
    assert len(catcher.messages()) == 1


def test_when_its_port_was_taken_meanwhile_it_tells_another(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    with socket.create_server(("127.0.0.1", 0)) as another:
        taken = another.getsockname()[1]
        child = subprocess.Popen(
            [
                *(sys.executable, "-m", "localrun.servers.smtp"),
                *("--port", str(taken), "--tell", str(port_file)),
                *("--directory", str(tmp_path / "mail")),
            ]
        )
        try:
            wait_for(lambda: port_file.exists() and port_file.read_text() != "")
            port = int(port_file.read_text())
            assert port != taken
            with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
                client.send_message(mail("els@voorbeeld.be"))
        finally:
            child.terminate()
            assert child.wait(10) == 0
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1

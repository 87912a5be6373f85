"""`manage.py deliver`, here for one pass; the loop is in tests/processes."""

from io import StringIO

from django.core.management import call_command

from counter.models import Clerk
from tests.mail_server import MailServer
from tests.notifications.acts import make_visits


def output_of_deliver() -> str:
    output = StringIO()
    call_command("deliver", "--once", stdout=output)
    return output.getvalue()


def test_one_line_tells_what_a_pass_did(els: Clerk, mail_server: MailServer) -> None:
    make_visits(3, els)
    mail_server.answers["person1"] = "550 5.1.1 Mailbox unknown"

    (line,) = output_of_deliver().splitlines()

    assert line[20:] in {"2 sent, 1 refused", "1 refused, 2 sent"}
    assert "person" not in line


def test_a_pass_without_work_says_nothing(db: None, mail_server: MailServer) -> None:
    assert output_of_deliver() == ""

"""Sending leaves ids of deliveries in the logs, and nothing about a person."""

import pytest

from activation.codes import links
from activation.codes.activation_code import code_text
from activation.enums import KeyKind
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier, JournalEntry
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from tests.mail_server import Drop, MailServer
from tests.notifications.acts import (
    announce,
    let_time_pass,
    make_key,
    request_digits,
)

PLANTED = "planted.address@example.org"


@pytest.mark.parametrize(
    "server",
    [
        {},
        {"answers": {"planted.address": f"550 <{PLANTED}> unknown"}},
        {"answers": {"planted.address": f"451 <{PLANTED}> later"}},
        {"answers": {"planted.address": f"421 <{PLANTED}> closing"}},
        {"at_data": f"554 not for {PLANTED}"},
        {"at_data": f"452 not for {PLANTED}"},
        {"at_mail": f"553 not from {PLANTED}"},
        {"at_data": Drop()},
    ],
)
def test_no_address_link_or_digits(
    dossier: Dossier,
    els: Clerk,
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
    server: dict[str, object],
) -> None:
    Dossier.objects.update(email=PLANTED)
    for name, value in server.items():
        setattr(mail_server, name, value)
    key = make_key(dossier, els, KeyKind.EMAIL, destination=PLANTED)
    announce(key.code)
    digits = one_time_text(request_digits(key))
    caplog.set_level("DEBUG")

    for _ in range(2):
        deliver_due()
        let_time_pass(60)

    lines = [
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith("mail.")  # the test's own mail server
    ]
    secrets = [PLANTED, "planted", "Janssens", digits]
    secrets += [links.token(key.code), code_text(key.code)]
    kept = [str(row) for row in Delivery.objects.values_list("answer")]
    kept += [str(row) for row in JournalEntry.objects.values_list("details")]
    assert any("delivery" in line for line in lines)
    for secret in secrets:
        assert all(secret.lower() not in line.lower() for line in lines + kept)

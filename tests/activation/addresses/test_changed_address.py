"""Who gets a mail when the address of an unused code is changed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from activation.codes import links
from activation.codes.validity import last_whole_day, link_end
from activation.models import ActivationCode, AddressChange
from counter.models import Clerk, Dossier
from notifications.channels.outgoing import Mail
from notifications.enums import DeliveryState, Kind
from notifications.letters.rendering import render
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from tests import cast
from tests.activation.addresses.changing import NEW, OLD, changed, code, form, page
from tests.mail_server import MailServer

__all__ = ["code"]


# The mail to the old address


def test_the_old_address_is_told_and_the_new_one_gets_the_link(
    dossier: Dossier, els_client: Client, code: ActivationCode, mail_server: MailServer
) -> None:
    assert els_client.post(page(dossier), form(code)).status_code == 303
    deliver_due()
    assert sorted(mail_server.recipients) == [NEW, OLD]
    (mail_to_old,) = [mail for mail in mail_server.messages if mail["To"] == OLD]
    change = AddressChange.objects.get()
    body = mail_to_old.get_body(("plain",))
    assert body is not None
    assert links.refusal_url(change, language="nl") in body.get_content() or (
        links.refusal_url(change, language="fr") in body.get_content()
    )


def test_with_the_old_address_gone_nobody_is_told_in_its_place(
    dossier: Dossier,
    els: Clerk,
    code: ActivationCode,
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The mail has a link to object to the new address, so it must not go there."""
    changed(dossier, els, code)
    AddressChange.objects.update(old_email="")
    deliver_due()
    assert mail_server.recipients == [NEW]
    notice = Delivery.objects.get(kind=Kind.ADDRESS_CHANGED)
    assert notice.state == DeliveryState.DROPPED
    assert "no_address_before" in caplog.text


def test_the_word_to_the_old_address_names_nobody(
    dossier: Dossier, els: Clerk, code: ActivationCode, mail_server: MailServer
) -> None:
    """The old address may be a stranger's, typed by mistake."""
    changed(dossier, els, code)
    deliver_due()
    (notice,) = [mail for mail in mail_server.messages if mail["To"] == OLD]
    new = cast.code_of(dossier)
    content = notice.as_string() + str(notice["Subject"])
    for part in notice.walk():
        if part.get_content_maintype() == "text":
            content += part.get_content()
    for secret in (
        dossier.last_name,
        dossier.first_names,
        dossier.reference,
        NEW,
        cast.PETER_NUMBER,
        links.token(new),
        links.token(code),
    ):
        assert secret not in content


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_it_is_dutch_first_and_in_the_language_of_the_dossier(
    dossier: Dossier, els: Clerk, code: ActivationCode, language: str
) -> None:
    Dossier.objects.update(language=language)
    change = changed(dossier, els, code)
    mail = render(Delivery.objects.get(kind=Kind.ADDRESS_CHANGED), at=timezone.now())
    assert isinstance(mail, Mail)
    words = mail.message.text
    assert words.startswith("Beste\n")
    assert links.refusal_url(change, language=language) in words
    call = {"nl": "Bel", "fr": "Appelez", "de": "Rufen", "en": "Call"}[language]
    assert call in words
    with override(language):
        last_day = date_format(last_whole_day(link_end(change.at)))
    assert last_day in words
    assert dossier.office.phone in words


def test_before_payment_the_old_address_is_told_too(
    dossier: Dossier, els_client: Client, mail_server: MailServer
) -> None:
    assert els_client.post(page(dossier), form()).status_code == 303
    deliver_due()
    assert mail_server.recipients == [OLD]


def test_an_old_mailbox_that_refuses_is_not_held_against_the_new_address(
    dossier: Dossier, els_client: Client, code: ActivationCode, mail_server: MailServer
) -> None:
    els_client.post(page(dossier), form(code))
    mail_server.answers = {"peter": "550 5.1.1 Mailbox unknown"}
    deliver_due()
    refused = Delivery.objects.get(kind=Kind.ADDRESS_CHANGED)
    assert refused.state == DeliveryState.REFUSED
    shown = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert "The mail was refused" not in shown.content.decode()
    assert not els_client.get(reverse("counter_desk:desk")).context["problems"]

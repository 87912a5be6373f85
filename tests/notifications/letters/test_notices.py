"""Under every mail: links to the pages about privacy and about accessibility."""

import datetime

import pytest
from django.conf import settings

from activation.models import ActivationCode
from counter.enums import Language
from counter.models import Dossier, Office
from notifications.letters import texts
from notifications.letters.office_pages import mailing_office
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from tests.mail_server import MailServer
from tests.notifications.acts import text_of
from tests.notifications.letters.mails import Page

LABELS = {
    "nl": (
        "Je gegevens en hoe lang we ze bewaren",
        "Kan iedereen deze website gebruiken?",
    ),
    "fr": (
        "Vos données et leur durée de conservation",
        "Tout le monde peut-il utiliser ce site",
    ),
    "de": (
        "Ihre Daten und wie lange wir sie aufbewahren",
        "Können alle diese Website benutzen?",
    ),
    "en": ("Your data and how long we keep it", "Can everybody use this website?"),
}


def links_of(html: str, language: str) -> list[str]:
    """The addresses of the links to the two pages in the part of one language."""
    hrefs = [str(attrs["href"]) for tag, attrs in Page(html).tags if tag == "a"]
    notices = ("/privacy/", "/accessibility/")
    return [
        link for link in hrefs if f"/{language}/" in link and link.endswith(notices)
    ]


@pytest.mark.parametrize("language", Language.values)
def test_a_mail_leads_to_both_pages_in_the_language_of_each_part(
    waiting: Delivery,
    code: ActivationCode,
    dossier: Dossier,
    mail_server: MailServer,
    language: str,
) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(language=language)
    deliver_due()
    (mail,) = mail_server.messages
    dutch, _, translation = (
        text_of(mail).replace("\r\n", "\n").partition("Vertaling / ")
    )
    html = text_of(mail, "html")
    for part, spoken in ((dutch, "nl"), (translation, language)):
        if not part:
            assert language == "nl"
            continue
        privacy, statement = (
            f"{settings.SITE_URL}/{spoken}/{page}/"
            for page in ("privacy", "accessibility")
        )
        assert f"{LABELS[spoken][0]}\n{privacy}\n" in f"{part}\n"
        assert f"?\n{statement}\n" in f"{part}\n"
        assert links_of(html, spoken) == [privacy, statement]
        for label in LABELS[spoken]:
            assert label in Page(html).text(spoken)


def test_of_several_offices_a_mail_leads_to_its_own(
    office: Office, other_office: Office
) -> None:
    mail = texts.activation_link(
        name="Peter",
        link="https://sleutel.example/nl/a/abc/",
        last_day=datetime.date(2026, 4, 2),
        language="nl",
        office=mailing_office(other_office),
    )
    address = f"{settings.SITE_URL}/nl/{other_office.slug}"
    assert links_of(mail.html, "nl") == [
        f"{address}/privacy/",
        f"{address}/accessibility/",
    ]

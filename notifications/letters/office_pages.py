"""The office of a mail, with its pages that are linked under every mail."""

from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from activation.letters.wording import Notice, OfficeContact, office_contact
from counter.enums import PageLanguage
from counter.models import Office
from counter.offices import of_request

#: In the words of the links under every page for the public.
_NOTICES: Final = {
    "activation_public:privacy": gettext_noop("Your data and how long we keep it"),
    "activation_public:accessibility": gettext_noop("Can everybody use this website?"),
}


def mailing_office(office: Office) -> OfficeContact:
    """Copy what a mail says of its office, and look up where its pages are."""
    return office_contact(office, notices=_notices(office))


def _notices(office: Office) -> tuple[Notice, ...]:
    made: list[Notice] = []
    for language in PageLanguage.values:
        with translation.override(language):
            made += [
                Notice(
                    language=language,
                    label=gettext(words),
                    address=settings.SITE_URL + of_request.page_address(name, office),
                )
                for name, words in _NOTICES.items()
            ]
    return tuple(made)

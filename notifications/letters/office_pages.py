"""The office that a mail names, and the links to its pages at the end of the mail."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from activation.letters.wording import Notice, OfficeContact, office_contact
from counter.enums import PageLanguage
from counter.models import Office

#: The labels are those of the links below every public page.
_NOTICES: Final = {
    "activation_public:privacy": gettext_noop("Your data and how long we keep it"),
    "activation_public:accessibility": gettext_noop("Can everybody use this website?"),
}


#: By the primary key of an office: whether it is the only one. None outside
#: `remembered`.
_only_ones: ContextVar[dict[int, bool] | None] = ContextVar("_only_ones", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within this context, query only once for each office whether it is the only one.
    It surrounds a pass over the outbox, which lasts ten seconds at most.
    """
    before = _only_ones.set({})
    try:
        yield
    finally:
        _only_ones.reset(before)


def mailing_office(office: Office) -> OfficeContact:
    """The office's data for a mail, with the links to its pages."""
    seen = _only_ones.get()
    if seen is None:
        seen = {}
    if office.pk not in seen:
        seen[office.pk] = office.is_the_only_one
    notices = _notices("" if seen[office.pk] else office.slug, settings.SITE_URL)
    return office_contact(office, notices=notices)


@functools.lru_cache(maxsize=1000)
def _notices(word: str, site: str) -> tuple[Notice, ...]:
    """The links to the pages of the office with this slug, or of the only office if
    empty.

    They are cached because they are the same for every mail of an office, and making
    them takes a quarter of the time for the mail's text.
    """
    arguments = {"office": Office(slug=word)} if word else {}
    notices: list[Notice] = []
    for language in PageLanguage.values:
        with translation.override(language):
            notices += [
                Notice(
                    language=language,
                    label=gettext(words),
                    address=site + reverse(name, kwargs=arguments),
                )
                for name, words in _NOTICES.items()
            ]
    return tuple(notices)

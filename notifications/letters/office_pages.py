"""The office of a mail, with its pages that are linked under every mail."""

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

#: In the words of the links under every page for the public.
_NOTICES: Final = {
    "activation_public:privacy": gettext_noop("Your data and how long we keep it"),
    "activation_public:accessibility": gettext_noop("Can everybody use this website?"),
}


#: Whether an office is the only one, by its key; while somebody remembers it.
_only_ones: ContextVar[dict[int, bool] | None] = ContextVar("_only_ones", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Ask only once in this time whether an office is the only one: a pass over the
    outbox, ten seconds at most.
    """
    before = _only_ones.set({})
    try:
        yield
    finally:
        _only_ones.reset(before)


def mailing_office(office: Office) -> OfficeContact:
    """Copy what a mail says of its office, and look up where its pages are."""
    seen = _only_ones.get()
    if seen is None:
        seen = {}
    if office.pk not in seen:
        seen[office.pk] = office.is_the_only_one
    notices = _notices("" if seen[office.pk] else office.slug, settings.SITE_URL)
    return office_contact(office, notices=notices)


@functools.lru_cache(maxsize=1000)
def _notices(word: str, site: str) -> tuple[Notice, ...]:
    """The pages of the office with this word in its addresses, or of the only one.

    The same for every mail of an office, and a quarter of what its text costs.
    """
    arguments = {"office": Office(slug=word)} if word else {}
    made: list[Notice] = []
    for language in PageLanguage.values:
        with translation.override(language):
            made += [
                Notice(
                    language=language,
                    label=gettext(words),
                    address=site + reverse(name, kwargs=arguments),
                )
                for name, words in _NOTICES.items()
            ]
    return tuple(made)

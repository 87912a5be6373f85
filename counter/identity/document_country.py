"""Checks whether a country can have issued a kind of document."""

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from counter.identity import countries
from counter.identity.countries import BELGIUM
from counter.identity.documents import DocumentType

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

BELGIAN: Final = frozenset(DocumentType) - {DocumentType.EU_ID, DocumentType.FOR_PASS}


def wrong_country(kind: DocumentType, country: str) -> "StrPromise | None":
    if kind in BELGIAN and country != BELGIUM:
        return _("Belgium issues this document. Choose another kind of document.")
    if kind is DocumentType.EU_ID and country not in countries.IDENTITY_CARD_COUNTRIES:
        return _("Which country of the EU or EEA, or Switzerland, issued the card?")
    if kind is DocumentType.EU_ID and country == BELGIUM:
        return _("A Belgian card is an eID or a residence card.")
    if not country:
        return _("Which country issued the document?")
    return None

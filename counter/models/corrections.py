"""Corrections of dossiers, with the values from before and after."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from counter.models.clerks import Clerk
from counter.models.dossiers import Dossier

#: Fields of which a correction says that they changed, without any value.
NEVER_KEPT: Final = {
    "document_number": _("document number"),
    "national_number": _("national number"),
}


class Change(NamedTuple):
    """One corrected field, for a page; `old` and `new` are "" when no value is kept."""

    label: str
    old: str
    new: str


class DossierCorrection(models.Model):
    """One correction by one clerk; the database refuses to change it.

    `changes` maps the name of a dossier's field to its old and new value, dates in ISO
    format. For a document number and a national number both are None: a mistyped number
    may belong to somebody else (docs/decisions/033-corrections.md).
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="corrections")
    clerk = models.ForeignKey(Clerk, models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Clerk, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    changes = models.JSONField(_("changes"))

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{_('correction')} {self.pk}"

    @property
    def changes_in_words(self) -> Iterator[Change]:
        for name, (old, new) in self.changes.items():
            if name in NEVER_KEPT:
                yield Change(str(NEVER_KEPT[name]), "", "")
            else:
                field = Dossier._meta.get_field(name)
                label = str(getattr(field, "verbose_name", name))
                yield Change(label, _read(name, old), _read(name, new))


def _read(name: str, value: str | None) -> str:
    """A value for a page: the label of a choice, a localised date, "-" when empty."""
    field = Dossier._meta.get_field(name)
    if isinstance(field, models.DateField):
        day = parse_date(value or "")
        return date_format(day) if day else "-"
    labels = dict(getattr(field, "flatchoices", ()))
    return str(labels.get(value, value) or "-")

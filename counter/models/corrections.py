"""Corrections of a dossier, with what stood there before."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from counter.models.clerks import Clerk
from counter.models.dossiers import Dossier

#: Said to have changed, and nothing else.
NEVER_KEPT: Final = {
    "document_number": _("document number"),
    "national_number": _("national number"),
}


class Change(NamedTuple):
    """One field as a reader sees it; both values empty where none is kept."""

    label: str
    old: str
    new: str


class DossierCorrection(models.Model):
    """One correction by one clerk; the database refuses to change it.

    `changes` has the old and the new value by the dossier's field, dates as ISO. Of a
    document number and a national number it only says that they changed: a mistyped
    number is somebody else's (docs/decisions/033-corrections.md).
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
    def shown(self) -> Iterator[Change]:
        for name, (old, new) in self.changes.items():
            if name in NEVER_KEPT:
                yield Change(str(NEVER_KEPT[name]), "", "")
            else:
                field = Dossier._meta.get_field(name)
                label = str(getattr(field, "verbose_name", name))
                yield Change(label, _read(name, old), _read(name, new))


def _read(name: str, value: str | None) -> str:
    """A choice by its label and a date as it is read; a dash for nothing."""
    field = Dossier._meta.get_field(name)
    if isinstance(field, models.DateField):
        day = parse_date(value or "")
        return date_format(day) if day else "-"
    labels = dict(getattr(field, "flatchoices", ()))
    return str(labels.get(value, value) or "-")

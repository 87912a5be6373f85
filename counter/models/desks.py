"""The places at the counter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from counter.journal.recorded_models import Recorded
from counter.models.offices import Office
from counter.querysets import DeskQuerySet


class Desk(Recorded):
    """A place in an office where a clerk works, with its card terminal.

    Supervisors manage desks in the admin. The clerk's sign-in record says who works
    there today (counter.staff.desks). Dossiers and payments keep the desk's name as
    text, as it was at that moment; so a desk may be renamed. It is never removed.
    """

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="desks", verbose_name=_("office")
    )
    name = models.CharField(
        _("name"), max_length=40, help_text=_("For example: Loket 2.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    named_by = ("name",)

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ("office", "name")
        constraints = (
            models.UniqueConstraint(
                "office",
                "name",
                name="desk_name_once_an_office",
                violation_error_message=_("This office has that desk already."),
            ),
        )

    def __str__(self) -> str:
        return self.name

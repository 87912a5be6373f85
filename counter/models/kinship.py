"""The clerk's answer to the question whether a dossier's person is family."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counter.models.clerks import Clerk
from counter.models.dossiers import Dossier


class KinshipAnswer(models.Model):
    """One clerk's answer: is the person of this dossier family of the clerk or not.

    A clerk serves family only together with a `colleague`, who agrees at the screen.
    The database refuses to change an answer.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="kinship_answers")
    clerk = models.ForeignKey(Clerk, models.PROTECT, related_name="kinship_answers")
    is_family = models.BooleanField(_("is family"))
    colleague = models.ForeignKey(Clerk, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer about family")
        verbose_name_plural = _("answers about family")
        constraints = (
            models.UniqueConstraint(
                "dossier", "clerk", name="kinship_once_a_dossier_and_clerk"
            ),
            models.CheckConstraint(
                name="kinship_family_has_a_colleague",
                condition=Q(is_family=True, colleague__isnull=False)
                | Q(is_family=False, colleague__isnull=True),
            ),
            models.CheckConstraint(
                name="kinship_colleague_is_another",
                condition=Q(colleague__isnull=True) | ~Q(colleague=F("clerk")),
            ),
        )

    def __str__(self) -> str:
        return f"{_('answer about family')} {self.pk}"

"""The periods of one office, all on one page, each within its bounds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from counter.models import Office, RetentionPeriod
from counter.retention import periods, registry
from counter.retention.registry import Rule


class PeriodsForm(forms.Form):
    """One number of days for each rule that an office may choose.

    A number like the house's own is no choice: the row goes, so that the office
    follows when the house's own period changes.
    """

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        for rule in _choosable():
            self.fields[rule.code] = forms.IntegerField(
                label=capfirst(str(rule.what)),
                initial=periods.period(rule, office).days,
                help_text=_("In days: %(shortest)s to %(longest)s, usually %(usual)s.")
                % {
                    "shortest": rule.shortest.days,
                    "longest": rule.longest.days,
                    "usual": rule.period.days,
                },
                min_value=None,
                widget=forms.NumberInput(
                    attrs={
                        "min": rule.shortest.days,
                        "max": rule.longest.days,
                        "class": "vIntegerField",
                    }
                ),
            )

    def clean(self) -> dict[str, Any]:
        """Each period within its bounds, and the sentence at the field otherwise."""
        data = super().clean() or self.cleaned_data
        for rule in _choosable():
            days = data.get(rule.code)
            if days is None:
                continue
            sentence = rule.why_not(days) if days >= 0 else _("Type a whole number.")
            if sentence:
                self.add_error(rule.code, ValidationError(sentence, "out_of_bounds"))
        return data

    @transaction.atomic
    def save(self) -> int:
        """How many periods are others now; the journal has each with old and new."""
        changed = 0
        for rule in _choosable():
            days = self.cleaned_data[rule.code]
            changed += choose(rule, self.office, days=days)
        return changed


def _choosable() -> list[Rule]:
    return [rule for rule in registry.rules() if rule.is_editable]


@transaction.atomic
def choose(rule: Rule, office: Office, *, days: int) -> bool:
    """The office keeps it for so many days from now on; False when it did already.

    Raises ValidationError outside the bounds.
    """
    rows = RetentionPeriod.objects.select_for_update()
    row = rows.filter(office=office, rule=rule.code).first()
    if (row.days if row else rule.period.days) == days:
        return False
    if row is not None and days == rule.period.days:
        row.delete()
        return True
    row = row or RetentionPeriod(office=office, rule=rule.code)
    row.days = days
    row.full_clean()
    row.save()
    return True

"""The form with all retention periods of one office."""

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

    When the number is the default, the office's row is deleted, so that the office
    follows later changes of the default.

    The page sends each number that it showed together with the new one. When a
    colleague saved meanwhile, only the numbers that were changed on this page are
    saved; where both changed the same number, the form shows an error once
    (docs/decisions/094-a-form-saves-what-it-showed.md). The caller must be in a
    transaction that has locked the office.
    """

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        for rule in _choosable():
            self.fields[rule.code] = forms.IntegerField(
                label=capfirst(str(rule.data)),
                initial=periods.period(rule, office).days,
                help_text=_("In days: %(shortest)s to %(longest)s, usually %(usual)s.")
                % {
                    "shortest": rule.shortest.days,
                    "longest": rule.longest.days,
                    "usual": rule.period.days,
                },
                show_hidden_initial=True,
                widget=forms.NumberInput(
                    attrs={
                        "min": rule.shortest.days,
                        "max": rule.longest.days,
                        "class": "vIntegerField",
                    }
                ),
            )

    def clean(self) -> dict[str, Any]:
        """Add an error to each field whose period is outside its bounds."""
        data = super().clean() or self.cleaned_data
        for rule in _choosable():
            days = data.get(rule.code)
            if days is None:
                continue
            sentence = rule.why_not(days) if days >= 0 else _("Type a whole number.")
            if sentence:
                self.add_error(rule.code, ValidationError(sentence, "out_of_bounds"))
            else:
                data[rule.code] = self._beside_others(rule, days)
        return data

    def _beside_others(self, rule: Rule, days: int) -> int:
        """The number of days to save, when a colleague may have saved meanwhile.

        A number that was not changed here becomes the colleague's; when both changed it
        differently, an error is added.
        """
        field = self[rule.code]
        was, now = self.data.get(field.html_initial_name), field.initial
        if was is None or was == str(now):
            return days
        if was == str(days):
            return int(now)
        if days != now:
            sentence = _(
                "Meanwhile this was changed to %(days)s days. Save again if it has to"
                " be %(typed)s."
            ) % {"days": now, "typed": days}
            self.add_error(rule.code, ValidationError(sentence, "changed_meanwhile"))
            # The page shown again has the stored number as its new initial value.
            self.data = {**dict(self.data.items()), field.html_initial_name: str(now)}
        return days

    @transaction.atomic
    def save(self) -> int:
        """Save the periods and return how many changed; the journal records each."""
        changed = 0
        for rule in _choosable():
            days = self.cleaned_data[rule.code]
            changed += choose(rule, self.office, days=days)
        return changed


def _choosable() -> list[Rule]:
    return [rule for rule in registry.rules() if rule.is_editable]


@transaction.atomic
def choose(rule: Rule, office: Office, *, days: int) -> bool:
    """Set the office's period of a rule; returns False when it is the same already.

    Raises ValidationError when the period is outside the bounds.
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

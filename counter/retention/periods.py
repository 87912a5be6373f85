"""The retention period of a rule in one office: the office's choice or the default."""

from datetime import datetime, timedelta

from counter.models import Office, RetentionPeriod
from counter.retention import registry
from counter.retention.registry import Rule


def period(rule: Rule, office: Office | None) -> timedelta:
    """The period that applies in this office; without an office, the rule's default."""
    if office is None or not rule.is_editable:
        return rule.period
    chosen = RetentionPeriod.objects.filter(office=office, rule=rule.code)
    days = chosen.values_list("days", flat=True).first()
    return rule.period if days is None else rule.within(days)


def words(code: str, office: Office | None = None) -> str:
    """The period of a rule in the reader's language: "30 days", "1 year".

    All pages, notices and letters take the words from here.
    """
    rule = registry.rule(code)
    return registry.in_words(period(rule, office))


def all_of(office: Office | None) -> dict[str, timedelta]:
    """The period of every rule, by its code; makes one query for all rules."""
    chosen: dict[str, int] = {}
    if office is not None:
        rows = RetentionPeriod.objects.filter(office=office)
        chosen = dict(rows.values_list("rule", "days"))
    return {
        rule.code: rule.within(chosen[rule.code])
        if rule.is_editable and rule.code in chosen
        else rule.period
        for rule in registry.rules()
    }


def all_words(office: Office | None) -> dict[str, str]:
    """`all_of` in the reader's language."""
    return {code: registry.in_words(each) for code, each in all_of(office).items()}


def offices_of(rule: Rule) -> "list[Office | None]":
    """The offices for which a rule runs separately; [None] for all at once."""
    return [*Office.objects.order_by("pk")] if rule.is_editable else [None]


def last_kept(rule: Rule, office: Office | None, at: datetime) -> datetime:
    """Rows whose event is at or before the returned instant are no longer kept."""
    return at - period(rule, office)

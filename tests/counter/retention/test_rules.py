"""Every retention rule is complete, and docs/domain.md has a row for it."""

from pathlib import Path

from counter.retention import registry, running


def test_every_rule_says_all_that_it_has_to(english: None) -> None:
    for rule in registry.rules():
        assert running.model_of(rule)
        assert all(map(str, (rule.data, rule.event, rule.ground)))
        assert rule.shortest <= rule.period <= rule.longest
        # Holds can find its rows, or they are about staff, or drafts without a name.
        assert rule.is_about_people or rule.of_staff or rule.code == "draft"


def test_the_table_of_the_documents_is_the_table_of_the_rules(english: None) -> None:
    """The table is in docs/domain.md#what-is-kept-and-how-long."""
    text = Path("docs/domain.md").read_text()
    for rule in registry.rules():
        period = registry.in_words(rule.period)
        bounds = "fixed"
        if rule.is_editable:
            shortest, longest = map(registry.in_words, (rule.shortest, rule.longest))
            bounds = f"{shortest} to {longest}"
        cells = (f"`{rule.code}`", rule.data, period, bounds, rule.event)
        assert f"| {' | '.join(map(str, cells))} |" in text
    assert text.count("\n| `") >= len(registry.rules())

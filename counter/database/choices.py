"""Choices whose migrations hold a reference, so a new choice needs no migration."""

from django.db import models


class Choices(models.TextChoices):
    """Choices of text. Give a field `choices=Kind.pairs`, the method without a call.

    Then the migration holds the reference, as `counter.enums.Role.pairs`, and not
    today's list.
    """

    @classmethod
    def pairs(cls) -> list[tuple[str, str]]:
        """Value and label of each member, in the order of the class."""
        return cls.choices


class NumberedChoices(models.IntegerChoices):
    """The same as `Choices`, for a field that holds numbers."""

    @classmethod
    def pairs(cls) -> list[tuple[int, str]]:
        """Value and label of each member, in the order of the class."""
        return cls.choices

"""Choices that a migration names, so that a new one needs no migration."""

from django.db import models


class Choices(models.TextChoices):
    """A field takes `choices=Kind.pairs`, the method and not its result: a migration
    then keeps the reference `counter.enums.Role.pairs` instead of today's list.
    """

    @classmethod
    def pairs(cls) -> list[tuple[str, str]]:
        """Value and label of each member, in the order of the class."""
        return cls.choices


class NumberedChoices(models.IntegerChoices):
    """The same for a field that holds numbers."""

    @classmethod
    def pairs(cls) -> list[tuple[int, str]]:
        """Value and label of each member, in the order of the class."""
        return cls.choices

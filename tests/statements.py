"""For tests of what comes back from the database."""

from django.db.models import Model


def columns_of(row: Model) -> dict[str, object]:
    """Every column of the row that its model has; one that was not loaded is read."""
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
    }


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value

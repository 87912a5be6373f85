"""For tests that compare rows of the database."""

from django.db.models import Model


def columns_of(row: Model) -> dict[str, object]:
    """Each column's value by name; a column that was not loaded is read."""
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
    }


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value

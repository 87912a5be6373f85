"""The form fields of the admin, which read input in the same way as at the desk."""

from typing import Any

from django.contrib.admin.widgets import AdminDateWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from counter.paper import print_font
from counter.web.form_fields import EmailField, LongTextField, TypedDateField


def field_arguments(field: "models.Field[Any, Any]") -> dict[str, Any]:
    """The arguments of `field.formfield()` that the admin does not give itself."""
    if isinstance(field, models.EmailField):
        return {"form_class": EmailField, "widget": AdminTextInputWidget}
    if isinstance(field, models.DateField) and not isinstance(
        field, models.DateTimeField
    ):
        return {"form_class": TypedDateField, "widget": AdminDateWidget}
    if isinstance(field, models.TextField):
        return {"form_class": LongTextField}
    if isinstance(field, models.CharField) and not field.choices:
        return {"validators": [is_printable]}
    return {}


def is_printable(text: str) -> None:
    """Refuse characters that the font of slips and receipts does not have.

    Names of offices, terminals and regulations are printed there. Raises
    ValidationError.
    """
    if strange := print_font.missing(text):
        raise ValidationError(
            _("This cannot be printed on a slip or receipt: %(signs)s"),
            code="script",
            params={"signs": " ".join(strange[:5])},
        )

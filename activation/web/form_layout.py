"""The layout parts for the forms of the applicant's pages (counter.web.form_layout).

Label, hint and errors are above the field, because below it the keyboard of a phone
would hide them. So a question has another template than a row of a form at the desk.
"""

from typing import Any

from django.forms import BaseForm
from django.template import Context

from counter.web.form_layout import TemplateRow, rendered


class Question(TemplateRow):
    """One field with its label, hint and errors."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "activation/parts/_field.html")


class Questions:
    """All visible fields that no earlier part of the layout has rendered."""

    def render(self, form: BaseForm, context: Context, /, **kwargs: Any) -> str:
        left = [
            field.name
            for field in form.visible_fields()
            if field.name not in rendered(form)
        ]
        return "".join(Question(name).render(form, context, **kwargs) for name in left)

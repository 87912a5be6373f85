"""What the forms of the applicant's pages are made of (counter.web.form_layout).

A phone shows label, hint and mistakes above the field, so that nothing that explains it
lies under the keyboard: a question is another row than one of the desk.
"""

from typing import Any

from django.forms import BaseForm
from django.template import Context

from counter.web.form_layout import TemplateRow, rendered


class Question(TemplateRow):
    """One field with its label, hint and mistakes."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "activation/parts/_field.html")


class Questions:
    """Every field that a person sees and that no piece before took."""

    def render(self, form: BaseForm, context: Context, /, **kwargs: Any) -> str:
        left = [
            field.name
            for field in form.visible_fields()
            if field.name not in rendered(form)
        ]
        return "".join(Question(name).render(form, context, **kwargs) for name in left)

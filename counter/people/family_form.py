"""The form that asks whether a person is family of the clerk; if so, a colleague has to
agree at the screen.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.enums import SecretForm
from counter.identity.spelling import PersonName
from counter.models import Clerk
from counter.people.kinship import Kin, kin
from counter.people.kinship_answer import Answer
from counter.staff.supervisor_approval import ask, prove, rows_of
from counter.web.form_layout import Block, TemplateRow, Words, layout


class FamilyForm(forms.Form):
    """Shown on a page of its own before an act, and together with the recording form.

    After `is_valid()`, `answer` is the clerk's answer. The colleague must belong to the
    office, work at the desk and have another family name than the person.
    """

    helper = layout(
        TemplateRow("is_family", "counter/people/_family.html"),
        Block(
            Words(
                _(
                    "Let a colleague look at the screen and type here. "
                    "Nobody is signed in by it."
                )
            ),
            *rows_of("colleague"),
            id="colleague-part",
        ),
    )

    is_family = forms.ChoiceField(
        label=_("This person has your family name. Is it family of yours?"),
        choices=(("no", _("No, no family")), ("yes", _("Yes, family"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether this person is family.")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        clerk: Clerk,
        last_name: str,
        first_names: str,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.clerk = clerk
        self.answer = Answer()
        self._names = {"last_name": last_name, "first_names": first_names}
        ask(
            self,
            "colleague",
            name=_("User name of a colleague"),
            password=_("Password of the colleague"),
            digits=_("Six digits of the colleague's app"),
            required=False,
        )

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_family") != "yes":
            return data
        typed = [name for name in self.fields if name.startswith("colleague_")]
        for name in typed:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("A colleague types this here."))
        if self.errors:
            return data
        colleague = prove(
            self,
            "colleague",
            Clerk.objects.visible_to(self.clerk)
            .at_the_desk()
            .exclude(pk=self.clerk.pk),
            _("This is no user name and password of a colleague of this office."),
            place=SecretForm.COLLEAGUE,
            screen_of=self.clerk,
            unless=self._why_not,
        )
        if colleague is not None:
            self.answer = Answer(colleague)
        return data

    def _why_not(self, colleague: Clerk) -> Promise | None:
        if kin(colleague, **self._names) is Kin.NONE:
            return None
        return _("This colleague has the family name too. Ask another one.")


@sensitive_variables()
def name_on(form: forms.Form) -> PersonName:
    """The name in a form's valid fields; "" for a field that is not valid."""
    read = getattr(form, "cleaned_data", {})
    return PersonName(read.get("last_name", ""), read.get("first_names", ""))


@sensitive_variables()
def ask_family(
    request: HttpRequest, clerk: Clerk, form: forms.Form
) -> FamilyForm | None:
    """The form about family that belongs to a form with a person's names.

    None when the person does not have the clerk's family name, or is the clerk. It is
    bound only when `form` is valid; until then it only keeps the choice that was made.
    """
    is_right = form.is_valid()
    last_name, first_names = name_on(form)
    names = {"last_name": last_name, "first_names": first_names}
    if kin(clerk, **names) is not Kin.SAME_NAME:
        return None
    typed = request.POST if is_right and "asks_family" in request.POST else None
    chosen = {"is_family": request.POST.get("is_family")}
    return FamilyForm(typed, clerk=clerk, initial=chosen, **names)

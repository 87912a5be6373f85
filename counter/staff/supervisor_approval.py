"""Approval by a second person, who authenticates on the clerk's own screen.

The applicant waits at the counter, so the supervisor or colleague comes to the clerk's
screen and types user name, password and digits there. That does not sign them in. Wrong
tries are counted for the clerk's screen (counter.sign_in.tries), so that nobody can
lock a supervisor's account with them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.enums import SecretForm, StaffSecret
from counter.identity.spelling import PersonName
from counter.models import Clerk, Dossier
from counter.people import kinship
from counter.people.kinship import Kin
from counter.roles import matrix, role_rights
from counter.sign_in import sign_in_app, tries
from counter.sign_in.secrets import check_secret
from counter.staff import same_hands
from counter.staff.reauthentication import PresenceForm
from counter.web.form_fields import SixDigitsField
from counter.web.form_layout import Row, layout

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_TYPED_BY_ANOTHER: Final = {"autocomplete": "off", "class": "form-control"}


def rows_of(who: str) -> tuple[Row, Row, Row]:
    """The layout rows of the fields that `ask` adds to a form."""
    return Row(f"{who}_name"), Row(f"{who}_password"), Row(f"{who}_digits")


#: The layout rows of forms in which a supervisor agrees.
SUPERVISOR: Final = rows_of("supervisor")


def ask(
    form: forms.Form,
    who: str,
    *,
    name: "StrOrPromise",
    password: "StrOrPromise",
    digits: "StrOrPromise",
    required: bool = True,
) -> None:
    """Add the fields that `prove` reads to the form: `who`_name, `who`_password and,
    when a sign-in requires an app, `who`_digits.
    """
    form.fields[f"{who}_name"] = forms.CharField(
        label=name,
        max_length=150,
        required=required,
        widget=forms.TextInput(attrs=_TYPED_BY_ANOTHER),
    )
    form.fields[f"{who}_password"] = forms.CharField(
        label=password,
        max_length=128,
        strip=False,
        required=required,
        widget=forms.PasswordInput(attrs=_TYPED_BY_ANOTHER),
    )
    if sign_in_app.is_required():
        form.fields[f"{who}_digits"] = SixDigitsField(label=digits, required=required)


@sensitive_variables()
def prove(  # noqa: PLR0913 (all named)
    form: forms.Form,
    who: str,
    people: QuerySet[Clerk],
    refusal: str | Promise,
    *,
    place: SecretForm,
    screen_of: Clerk,
    beside: Sequence[Clerk] = (),
    may_alone: bool = False,
    unless: Callable[[Clerk], str | Promise | None] = lambda _clerk: None,
) -> Clerk | None:
    """Return the one of `people` whose name, password and digits were typed.

    Otherwise returns None and adds the reason to the form's errors. An account that
    counts as one person with `screen_of` or one of `beside` is refused
    (counter.staff.same_hands, with `may_alone`). That, and the sentence of `unless`, is
    checked before the six digits are used up. `place` and `screen_of` tell where it was
    typed, for the counters and the journal (counter.sign_in.tries).
    """
    data, at = form.cleaned_data, timezone.now()
    try:
        colleague = check_secret(
            lambda: _with_password(people, data, refusal, who),
            user_name=data[f"{who}_name"],
            door=tries.at_screen_of(screen_of, place, StaffSecret.PASSWORD),
            at=at,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None
    sentence = unless(colleague)
    why_not = partial(same_hands.why_not, at=at, may_alone=may_alone)
    for first in (screen_of, *beside):
        sentence = sentence or why_not(first, colleague)
    if sentence:
        form.add_error(None, ValidationError(str(sentence), code="not fit"))
        return None
    door = tries.at_screen_of(screen_of, place, StaffSecret.DIGITS)
    return colleague if _has_digits(form, who, colleague, door, at=at) else None


@sensitive_variables()
def _has_digits(
    form: forms.Form, who: str, colleague: Clerk, door: tries.Door, *, at: datetime
) -> bool:
    """Use up the six digits, if required. When they are wrong, add an error to the form
    and return False.
    """
    if not sign_in_app.is_required():
        return True
    typed = form.cleaned_data[f"{who}_digits"]
    try:
        sign_in_app.accept(clerk=colleague, typed=typed, door=door, at=at)
    except ValidationError as error:
        form.add_error(f"{who}_digits", error)
        return False
    return True


@sensitive_variables()
def _with_password(
    people: QuerySet[Clerk], data: dict[str, Any], refusal: str | Promise, who: str
) -> Clerk:
    password = data[f"{who}_password"]
    colleague = people.filter(username=data[f"{who}_name"], is_active=True).first()
    if colleague is None:
        make_password(password)  # so that an unknown name takes as long as a known one
    if colleague is None or not colleague.check_password(password):
        raise ValidationError(str(refusal), code=who)
    return colleague


class SupervisorForm(PresenceForm):
    """A form in which a supervisor of the clerk's office agrees.

    After `is_valid()`, `supervisor` is who agreed. A signed-in supervisor agrees by
    sending the form. Another supervisor may not agree about a person with their own
    family name; both the names of `dossier` and the new `names` on the page are
    compared.
    """

    helper = layout(*SUPERVISOR, Row("password"))

    def __init__(
        self,
        *args: Any,
        request: HttpRequest,
        clerk: Clerk,
        dossier: Dossier | None = None,
        names: PersonName | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.clerk = clerk
        self.supervisor = clerk
        self._dossier = dossier
        self._names = names
        if matrix.may(clerk, role_rights.AGREE_AT_THE_DESK):
            return
        ask(
            self,
            "supervisor",
            name=_("User name of the supervisor"),
            password=_("Password of the supervisor"),
            digits=_("Six digits of the supervisor's app"),
        )

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "supervisor_name" not in self.fields or self.errors:
            return data
        supervisor = prove(
            self,
            "supervisor",
            Clerk.objects.visible_to(self.clerk).supervisors(),
            _("This is no user name and password of a supervisor of this office."),
            place=SecretForm.SUPERVISOR,
            screen_of=self.clerk,
            may_alone=True,
            unless=self._why_not,
        )
        if supervisor is not None:
            self.supervisor = supervisor
        return data

    def _why_not(self, supervisor: Clerk) -> str | Promise | None:
        """A sentence why this supervisor may not agree about this person, or None.

        Only a clerk is asked whether a person is family: a supervisor with the same
        family name is refused, and another one has to agree.
        """
        kin = {
            kinship.forbidding_kin_of(supervisor, self._names, dossier=self._dossier)
        }
        if self._dossier is not None:
            kin.add(kinship.forbidding_kin(self._dossier, supervisor))
        if kin == {Kin.NONE}:
            return None
        return _("This person has the supervisor's family name. Ask another one.")

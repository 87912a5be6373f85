"""Asks for the password again before risky acts after a pause
(docs/security.md#sessions).

Counter computers are shared, so after a pause somebody else may be at the desk. An act
that cannot be undone (a new code, another address, money given back) requires the
password when nobody worked for `PRESENCE_MINUTES`. Opening the page of such an act does
not prove that the clerk is there.
"""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.enums import SecretForm
from counter.models import Clerk
from counter.sign_in import tries
from counter.sign_in.secrets import check_secret
from counter.web.form_layout import Row, layout

#: After a pause of this length the password is required again.
PRESENCE_MINUTES: Final = 5
#: Keys of the session, with timestamps: when work began again after the last pause (set
#: by counter.web.middleware), and when the password was last typed.
PRESENT_SINCE = "present_since"
CONFIRMED_AT = "confirmed_at"


def is_asked(request: HttpRequest) -> bool:
    """Whether there was a pause and the password was not typed since."""
    now = int(timezone.now().timestamp())
    since = request.session.get(PRESENT_SINCE)
    if since is None:
        return False
    confirmed = request.session.get(CONFIRMED_AT, 0)
    return bool(confirmed < since <= now)


def note(request: HttpRequest, *, idle_seconds: int) -> None:
    """Note the pause before this request, if it was long enough; for the middleware."""
    if idle_seconds > PRESENCE_MINUTES * 60:
        request.session[PRESENT_SINCE] = int(timezone.now().timestamp())


def confirm(request: HttpRequest) -> None:
    """Note that the password was just typed: at sign-in, at the lock, or in a form."""
    request.session[CONFIRMED_AT] = int(timezone.now().timestamp())
    request.session.pop(PRESENT_SINCE, None)


@sensitive_variables()
def check_password(clerk: Clerk, password: str, *, form: SecretForm) -> None:
    """Compare the password. Raises ValidationError with a sentence when it is wrong.

    Wrong tries are counted for the clerk's session, so somebody who guesses elsewhere
    does not make this clerk wait.
    """

    def compare() -> None:
        if not clerk.check_password(password):
            raise ValidationError(_("That is not your password."), code="password")

    check_secret(
        compare,
        user_name=clerk.get_username(),
        door=tries.in_session(clerk, form),
        at=timezone.now(),
    )


class NoPasswordError(Exception):
    """The clerk has no password, because they sign in by the city's sign-on. The
    middleware then locks the screen, where they can sign in again
    (counter.web.middleware).
    """


class PresenceForm(forms.Form):
    """A form with a last field for the password, when `is_asked` is true.

    Raises NoPasswordError when the password is required and the clerk has none.
    """

    helper = layout(Row("password"))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if is_asked(request):
            who = request.user
            if isinstance(who, Clerk) and not who.has_usable_password():
                raise NoPasswordError
            self.fields["password"] = forms.CharField(
                label=_("Your password, because nothing was done for a while"),
                strip=False,
                max_length=128,
                widget=forms.PasswordInput(
                    attrs={
                        "autocomplete": "current-password",
                        "class": "form-control",
                    }
                ),
            )

    @sensitive_variables()
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        clerk = self.request.user
        if not isinstance(clerk, Clerk):
            raise ValidationError(_("That is not your password."), code="password")
        check_password(clerk, password, form=SecretForm.PRESENCE)
        confirm(self.request)
        return password

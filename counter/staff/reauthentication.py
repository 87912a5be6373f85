"""Whether the clerk is still the one at the desk (docs/security.md#sessions).

Counter computers are shared. What cannot be taken back (a new code, another address,
money given back) asks for the password again when the desk stood still for
`PRESENCE_MINUTES`, and opening the page of such an action is no proof of being there.
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

#: So long nobody worked before a password is asked again.
PRESENCE_MINUTES: Final = 5
#: Names in the session. Since when somebody works without a pause, as a timestamp that
#: counter.web.middleware updates; and when the password was typed last.
PRESENT_SINCE = "present_since"
CONFIRMED_AT = "confirmed_at"


def is_asked(request: HttpRequest) -> bool:
    """Whether nobody was at work before this, and no password was typed since."""
    now = int(timezone.now().timestamp())
    since = request.session.get(PRESENT_SINCE)
    if since is None:
        return False
    confirmed = request.session.get(CONFIRMED_AT, 0)
    return bool(confirmed < since <= now)


def note(request: HttpRequest, *, idle_seconds: int) -> None:
    """Note how long nobody worked before this request; called by the middleware."""
    if idle_seconds > PRESENCE_MINUTES * 60:
        request.session[PRESENT_SINCE] = int(timezone.now().timestamp())


def confirm(request: HttpRequest) -> None:
    """Note that the password was just typed: at sign-in, at the lock, or in a form."""
    request.session[CONFIRMED_AT] = int(timezone.now().timestamp())
    request.session.pop(PRESENT_SINCE, None)


@sensitive_variables()
def check_password(clerk: Clerk, password: str, *, form: SecretForm) -> None:
    """Compare the password; raises ValidationError with the sentence.

    A wrong one counts for the clerk's session, so who guesses elsewhere makes nobody
    wait.
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
    """Who has none, because the city's sign-on says who it is, proves it at the locked
    screen (counter.web.middleware).
    """


class PresenceForm(forms.Form):
    """A form that asks for the password when `is_asked`; it comes last.

    Raises NoPasswordError when it should and there is none.
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

"""How a new password is asked for, on each page that asks for one."""

import uuid
from collections.abc import Iterable
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.journey import passwords
from activation.web import kept_password
from activation.web.form_base import PageForm
from activation.web.form_layout import Question
from counter.web.form_layout import Block, Piece, Snippet

_LONGEST_READ: Final = 1000  # more than this is not looked at

#: What each view with such a page takes and no report of an error may hold.
SECRETS: Final = ("password", "password_again", "kept")

#: The field, what is typed there is worth, a button that shows it, and (where no script
#: can show it) the second field. The page needs `known` and static/js/password.js.
NEW_PASSWORD: Final[tuple[Piece, ...]] = (
    Question("password"),
    Snippet("activation/journey/_strength.html"),
    Snippet("activation/journey/_write_down.html"),
    Block(Question("password_again"), tag="noscript"),
)


def password_input(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(
        attrs={
            "class": "form-control",
            "autocomplete": autocomplete,
            "autocapitalize": "none",
            "autocorrect": "off",
            "spellcheck": "false",
        }
    )


class PasswordPage(PageForm):
    """A page with a new password, which is typed once.

    A person of 80 on a phone mistypes what cannot be seen, and typing it blindly a
    second time only doubles that. So one field, with a button that shows what stands
    in it. Not shown from the start: a phone's keyboard learns, corrects and sends to
    its maker what is typed into a plain text field. The button needs JavaScript;
    without it the page has the second field (in a `noscript`), and only then are the
    two compared.

    A good password is kept when the page comes back, whatever for
    (activation.web.kept_password): its field may stay empty then.
    """

    retyped = {
        "password": _(
            "We remember the password that you typed here. Leave this empty, or type "
            "another one."
        )
    }

    password = forms.CharField(
        label=_("New password"),
        help_text=_(
            "At least 12 characters. Three or four words in a row make a good password."
        ),
        error_messages={"required": _("Choose a password.")},
        strip=False,
        widget=password_input("new-password"),
    )
    password_again = forms.CharField(
        label=_("The same password again"),
        required=False,
        strip=False,
        widget=password_input("new-password"),
    )

    @sensitive_variables()
    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        of: uuid.UUID,
        initial: dict[str, object] | None = None,
    ) -> None:
        """`of` is whose page it is: a holder's id, or a code's."""
        self.of = of
        data, self._sealed = _with_the_kept(data, of)
        super().__init__(data, initial=initial)

    def known_words(self) -> Iterable[str]:
        """What anybody may guess of the person (passwords.check)."""
        raise NotImplementedError

    @sensitive_variables()
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"][:_LONGEST_READ]
        try:
            passwords.check(password, known_words=self.known_words())
        except passwords.PasswordRefusedError as error:
            raise forms.ValidationError(str(error)) from None
        return password

    @sensitive_variables()
    def clean_password_again(self) -> str:
        """Two that differ are told at the first one: both have to be typed again."""
        again: str = self.cleaned_data["password_again"]
        password = self.cleaned_data.get("password")
        if "password_again" in self.data and password and again != password:
            self.add_error("password", gettext("The two passwords are not the same."))
        return again

    @property
    @sensitive_variables()
    def kept(self) -> str:
        """For the hidden field; "" where there is no good password to keep.

        One that came sealed goes back as it came: its hour began when it was typed, and
        no page that comes back begins another.
        """
        password = self.cleaned_data.get("password") if self.is_bound else ""
        if not password:
            return ""
        return self._sealed or kept_password.close(
            password, of=self.of, at=timezone.now()
        )


@sensitive_variables()
def _with_the_kept(
    data: QueryDict | None, of: uuid.UUID
) -> tuple[QueryDict | None, str]:
    """What was sent, with the kept password in it where none was typed.

    Also that password as it came, sealed; "" where it is not taken.
    """
    names = ("password", "password_again")
    if data is None or any(data.get(name) for name in names):
        return data, ""
    sealed = data.get("kept", "")
    kept = kept_password.read(sealed, of=of, at=timezone.now())
    if not kept:
        return data, ""
    data = data.copy()
    for name in names:
        data[name] = kept
    return data, sealed

"""The form for choosing a password for one's own account."""

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.models import Clerk
from counter.web.form_layout import Row, layout

_LONGEST: Final = 128
#: The error code of Django's validator of length. All other codes mean that the
#: password is easy to guess.
_TOO_SHORT: Final = "password_too_short"


def _widget(**attrs: object) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": "new-password", **attrs})


class NewPasswordForm(forms.Form):
    """A new password, typed twice. Errors are shown in the product's own sentences."""

    helper = layout(Row("new_password1"), Row("new_password2"))

    new_password1 = forms.CharField(
        label=_("New password"),
        help_text=_(
            "12 characters or more. A few words in a row are easy to remember."
        ),
        strip=False,
        max_length=_LONGEST,
        widget=_widget(autofocus=True),
    )
    new_password2 = forms.CharField(
        label=_("The same once more"),
        strip=False,
        max_length=_LONGEST,
        widget=_widget(),
    )

    def __init__(self, *args: Any, clerk: Clerk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clerk = clerk

    @sensitive_variables()
    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        try:
            validate_password(password, self._clerk)
        except ValidationError as error:
            codes = {mistake.code for mistake in error.error_list}
            if _TOO_SHORT in codes:
                raise ValidationError(_("Choose 12 characters or more.")) from None
            raise ValidationError(
                _("This is easy to guess. Choose other words.")
            ) from None
        return password

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, second = data.get("new_password1"), data.get("new_password2")
        if first and second and first != second:
            self.add_error("new_password2", _("This is not the same as above."))
        return data

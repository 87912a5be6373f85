"""What a supervisor fills in about an account."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from counter.models import Clerk

if TYPE_CHECKING:
    _ClerkForm = ModelForm[Clerk]
else:
    _ClerkForm = ModelForm


class ClerkForm(_ClerkForm):
    """Without a password, which is its owner's (counter.staff.password_links).

    Without a name nobody knows who is family (counter.people.kinship); without a
    mailbox nobody chooses a password. An older account without them can be switched off
    as it is: whoever left is not asked for an address first.
    """

    NEEDED: ClassVar = (*Clerk.NAMES, "email")

    class Meta:
        model = Clerk
        exclude = ("password",)

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._missing = set()
        for name in self.fields.keys() & set(self.NEEDED):
            is_old = self.instance.pk is not None and not getattr(self.instance, name)
            self.fields[name].required = not is_old
            if is_old:
                self._missing.add(name)

    @override
    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("is_active", self.instance.is_active):
            for name in self._missing - self.errors.keys():
                if not data.get(name):
                    required = self.fields[name].error_messages["required"]
                    self.add_error(name, ValidationError(required, code="required"))
        return data

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        others = Clerk.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if email and others.exists():
            raise ValidationError(
                _("Another account has this e-mail address. Each has its own.")
            )
        return email

"""The form for a code of the sheet."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.journey.forms.code import CodeForm


class RecoveryCodeForm(CodeForm):
    """Read as the code of the activation is: a typing slip is told and costs no try."""

    @sensitive_variables()
    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["code"].label = _("A recovery code from your sheet")

"""Why somebody looks at a whole national number."""

from django import forms
from django.utils.translation import gettext_lazy as _

from counter.enums import RevealReason


class RevealForm(forms.Form):
    reason = forms.TypedChoiceField(
        label=_("Why do you look at the number?"),
        choices=RevealReason,
        coerce=RevealReason,
    )

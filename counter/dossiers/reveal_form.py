"""Why somebody looks at a whole national number."""

from django import forms
from django.utils.translation import gettext_lazy as _

from counter.enums import RevealReason
from counter.web.form_layout import Row, layout


class RevealForm(forms.Form):
    helper = layout(Row("reason"))

    reason = forms.TypedChoiceField(
        label=_("Why do you look at the number?"),
        choices=RevealReason,
        coerce=RevealReason,
    )

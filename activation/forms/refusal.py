"""The word of a person who did not ask for a key."""

from django import forms
from django.utils.translation import gettext_lazy as _

from activation.forms.base import PageForm


class NotMineForm(PageForm):
    """A box to tick first.

    Machines open mailed links, follow what they find there and send every form; they
    do not tick boxes. Without it a mail scanner would freeze the code of somebody who
    did ask (SECURITY.md, section 2).
    """

    sure = forms.BooleanField(
        label=_("I did not ask for a digital key"),
        error_messages={"required": _("Tick the box first.")},
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

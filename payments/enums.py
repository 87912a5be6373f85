"""The vocabulary of the money."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    CASH = "cash", _("cash")
    CARD = "card", _("card")

"""The reasons why a message of the public is handled without an answer."""

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices


class HandledReason(Choices):
    """Why a supervisor marks a message as handled."""

    OTHERWISE = "otherwise", _("answered by phone, by mail or at the counter")
    PASSED_ON = "passed_on", _("passed on to another service")
    TWICE = "twice", _("the same message came twice")
    MENDED = "mended", _("what it reports is put right")
    NO_ADDRESS = "no_address", _("no address to answer to")
    NOTHING = "nothing", _("nothing is asked: advertising or nonsense")

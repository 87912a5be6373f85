"""Why a clerk's session was ended by something else than signing out."""

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices


class SessionEnd(Choices):
    """The label is the sentence that the clerk reads on the sign-in page."""

    ELSEWHERE = (
        "elsewhere",
        _("You signed in somewhere else, so this screen was signed out."),
    )
    APP_RESET = (
        "app_reset",
        _("Your app for signing in was reset. Sign in to set it up again."),
    )
    PASSWORD = "password", _("Your password was chosen anew. Sign in with it.")
    OFFICE = "office", _("You were moved to another office. Sign in again.")
    ROLE = "role", _("You have another role now. Sign in again.")
    SWITCHED_OFF = "switched_off", _("Your account was switched off meanwhile.")
    CITY_UNLINKED = (
        "unlinked",
        _("Your account is no longer linked with the city's sign-on."),
    )
    COLLEAGUE = "colleague", _("A colleague ended your session. Sign in again.")

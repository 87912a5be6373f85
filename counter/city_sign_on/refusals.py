"""The reasons why somebody cannot sign in by the city's sign-on, with sentences."""

from http import HTTPStatus
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices


class Why(Choices):
    """A reason, with the sentence for the person as its label.

    From UNKNOWN on the city has named the person, so the journal has an entry.
    """

    AWAY = "away", _("The city's sign-on does not answer. Try it again in a moment.")
    LATE = (
        "late",
        _(
            "This way back does not belong to this browser, or it took longer than ten "
            "minutes. Begin again."
        ),
    )
    CANCELLED = "cancelled", _("You stopped at the city's sign-on: nothing was done.")
    REFUSED = "refused", _("The city's sign-on refused. Ask whoever keeps it.")
    USED = (
        "used",
        _(
            "The city's sign-on did not accept this way back, as it does the second "
            "time. Begin again."
        ),
    )
    TOKEN = (
        "token",
        _(
            "What the city's sign-on sent is not right, so it was not taken. Begin "
            "again; if it stays so, ask whoever keeps it."
        ),
    )
    EXPIRED = (
        "expired",
        _(
            "What the city's sign-on sent is not of now. Begin again; if it stays so, "
            "a clock is wrong."
        ),
    )
    NOT_ASKED = (
        "not_asked",
        _(
            "The city's sign-on did not ask anew who you are, or did not say when it "
            "did. That is needed here."
        ),
    )
    UNKNOWN = (
        "unknown",
        _(
            "No account here is linked with you. Open the link of your invitation, or "
            "sign in with your password and link it under your second factors."
        ),
    )
    NO_ROLE = (
        "no_role",
        _("The city gives you no role here. Ask your supervisor which group you need."),
    )
    NO_OFFICE = (
        "no_office",
        _("The city names no office of yours that is known here. Ask your supervisor."),
    )
    TWO_OFFICES = (
        "two_offices",
        _("The city names more than one office of yours. Ask your supervisor."),
    )
    SWITCHED_OFF = "switched_off", _("Your account is switched off.")
    NO_NAME = (
        "no_name",
        _("The city does not say your names, so no account can be made."),
    )
    NAME_TAKEN = (
        "name_taken",
        _(
            "There is an account with your user name or e-mail address already. Sign "
            "in to it and link it there."
        ),
    )
    UNUSABLE = (
        "unusable",
        _(
            "The city sends a user name, a name or an e-mail address of yours that "
            "cannot be used here, so no account can be made. Ask whoever keeps the "
            "city's sign-on."
        ),
    )
    SOMEBODY_ELSE = (
        "somebody_else",
        _("At the city's sign-on you are somebody else than here."),
    )
    LINKED_BEFORE = (
        "linked_before",
        _("This account, or you at the city's sign-on, was linked before."),
    )
    LINK_ENDED = "link_ended", _("This link no longer works. Ask for a new one.")
    PASSWORD_CLOSED = (
        "password_closed",
        _("This account signs in by the city's sign-on, and not with a password."),
    )


#: Reasons for which the city has not named a person. Some are nobody's mistake; the
#: others are counted, and the counts are journalled hourly
#: (counter.sign_in.failed_sign_ins).
OF_NOBODY: Final = frozenset(
    {
        Why.AWAY,
        Why.LATE,
        Why.CANCELLED,
        Why.REFUSED,
        Why.USED,
        Why.TOKEN,
        Why.EXPIRED,
        Why.NOT_ASKED,
    }
)


class CityRefusedError(ValidationError):
    """The sign-in is refused, with a sentence for the person and an HTTP `status`."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why.label), code=why.value)
        self.why = why

    @property
    def status(self) -> int:
        if self.why == Why.AWAY:
            return HTTPStatus.SERVICE_UNAVAILABLE
        is_known = self.why not in OF_NOBODY
        return HTTPStatus.FORBIDDEN if is_known else HTTPStatus.BAD_REQUEST


class AwayError(CityRefusedError):
    """The provider does not answer, or not as it must. The person made no mistake."""

    def __init__(self) -> None:
        super().__init__(Why.AWAY)

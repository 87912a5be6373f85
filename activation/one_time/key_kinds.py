"""The kinds of key: one record for each, which all other code uses.

A new kind gets its record here, with all texts that pages show about it. mypy then
reports each `match` elsewhere that must handle the new kind, also the one for the words
of mails (notifications.letters.key_words).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, assert_never

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activation.enums import KeyKind

if TYPE_CHECKING:
    from counter.models import Office


class SentBy(Enum):
    """The channel that six digits are sent by."""

    TEXT_MESSAGE = auto()
    MAIL = auto()


@dataclass(frozen=True)
class Message:
    """How the six digits of a kind are sent, and the texts that pages show about it.

    `sent` and `can_send` have the placeholder `%(masked)s` for the masked destination.
    """

    by: SentBy
    #: The field of a form in which the destination is typed.
    field: str
    where: str | Promise
    sent: str | Promise
    can_send: str | Promise
    wait: str | Promise
    #: Shown before the link that leads back to type the destination again;
    #: `nothing_still` is shown after it.
    leave_open: str | Promise
    is_wrong: str | Promise
    type_again: str | Promise
    nothing_still: str | Promise


@dataclass(frozen=True)
class KindRecord:
    """One kind of key."""

    kind: KeyKind
    #: None: the person's own device shows the digits, and nothing is sent.
    message: Message | None
    #: The field of the office's model that switches this kind on.
    switch: str
    is_recommended: bool
    #: In a list: "you sign in with a code from ...".
    digits_from: str | Promise
    title: str | Promise
    text: str | Promise
    #: A warning in front of the text; empty for none.
    caution: str | Promise
    #: The name of the kind on the slip, by language.
    on_slip: Mapping[str, str]
    keep: str | Promise
    second_key: str | Promise
    if_lost: str | Promise
    replace: str | Promise
    #: Shown when the page asks for digits that the person's own device shows.
    show: str | Promise
    confirm_title: str | Promise

    @property
    def goes_by_mail(self) -> bool:
        return self.message is not None and self.message.by is SentBy.MAIL

    @property
    def has_destination(self) -> bool:
        return self.message is not None

    def sent(self, masked: str) -> str:
        """A sentence that says where the person finds the six digits."""
        sentence = self.message.sent if self.message else self.show
        return str(sentence) % {"masked": masked}

    def can_send(self, masked: str) -> str:
        """A sentence that says where six digits can be sent; "" when none are sent."""
        return str(self.message.can_send) % {"masked": masked} if self.message else ""


_SIX_DIGITS: Final = _("Type the six digits")

_APP: Final = KindRecord(
    kind=KeyKind.APP,
    message=None,
    switch="app_keys",
    is_recommended=True,
    digits_from=_("an app on your phone"),
    title=_("With an app"),
    text=_(
        "Nobody else gets your digits. It works without a network too. You need a "
        "smartphone."
    ),
    caution="",
    on_slip={"nl": "app", "fr": "application", "de": "App", "en": "app"},
    keep=_("Do not remove the app from your phone. A new phone? Move the app first."),
    second_key=_("Then you can still sign in when you lose your phone."),
    if_lost=_("If you lose your phone"),
    replace=_("Take your new phone. On the next page you set up the app on it."),
    show=_("Open the app on your phone. It shows six digits."),
    confirm_title=_("Set up your app"),
)
_SMS: Final = KindRecord(
    kind=KeyKind.SMS,
    message=Message(
        by=SentBy.TEXT_MESSAGE,
        field="mobile",
        where=_("Your mobile number"),
        sent=_("We sent a text message with six digits to %(masked)s."),
        can_send=_("We can send six digits by text message to %(masked)s."),
        wait=_("Wait a minute. Is your phone on, and does it have a network?"),
        leave_open="",
        is_wrong=_("Is the number wrong?"),
        type_again=_("Type your number again"),
        nothing_still=_("Still nothing after two tries? Then choose another key."),
    ),
    switch="sms_keys",
    is_recommended=False,
    digits_from=_("a text message"),
    title=_("By text message"),
    text=_("You get the digits on your mobile phone. Any mobile phone will do."),
    caution="",
    on_slip={"nl": "sms", "fr": "SMS", "de": "SMS", "en": "text message"},
    keep=_("Keep your mobile number. A new number? Change your key first."),
    second_key=_("Then you can still sign in when you lose your phone."),
    if_lost=_("If you lose your phone"),
    replace=_("What is your new mobile number? We send six digits there, to try it."),
    show="",
    confirm_title=_SIX_DIGITS,
)
_EMAIL: Final = KindRecord(
    kind=KeyKind.EMAIL,
    message=Message(
        by=SentBy.MAIL,
        field="email",
        where=_("Your e-mail address"),
        sent=_("We sent an e-mail with six digits to %(masked)s."),
        can_send=_("We can send six digits by e-mail to %(masked)s."),
        wait=_("Wait a minute. Look in your spam too."),
        leave_open=_("Leave this page open while you read your e-mail."),
        is_wrong=_("Is the address wrong?"),
        type_again=_("Type your address again"),
        nothing_still="",
    ),
    switch="email_keys",
    is_recommended=False,
    digits_from=_("an e-mail"),
    title=_("By e-mail"),
    text=_(
        "Whoever can read your e-mail can also get your digits. Some services do not "
        "accept it."
    ),
    caution=_("Careful: this is the weakest key."),
    on_slip={"nl": "e-mail", "fr": "e-mail", "de": "E-Mail", "en": "e-mail"},
    keep=_("Keep your mailbox safe: use a good password for it."),
    second_key=_("Then you can still sign in when you lose your mailbox."),
    if_lost=_("If you lose your mailbox"),
    replace=_("What is your new e-mail address? We send six digits there, to try it."),
    show="",
    confirm_title=_SIX_DIGITS,
)


def record(kind: KeyKind) -> KindRecord:
    """The record of this kind of key."""
    match kind:
        case KeyKind.APP:
            return _APP
        case KeyKind.SMS:
            return _SMS
        case KeyKind.EMAIL:
            return _EMAIL
        case _:
            assert_never(kind)


#: The kinds whose six digits are sent, whose own device shows them, and that use mail.
SENT: Final = tuple(kind for kind in KeyKind if record(kind).message)
SHOWN: Final = tuple(kind for kind in KeyKind if not record(kind).message)
MAILED: Final = tuple(kind for kind in KeyKind if record(kind).goes_by_mail)

_OR: Final = {"nl": "of", "fr": "ou", "de": "oder", "en": "or"}


def named_on_slip() -> dict[str, str]:
    """All kinds as one list in words, by language: "app, sms of e-mail"."""
    lists = {}
    for language, word in _OR.items():
        *first, last = (record(kind).on_slip[language] for kind in KeyKind)
        lists[language] = f"{', '.join(first)} {word} {last}"
    return lists


def offered_by(office: "Office | None") -> list[KindRecord]:
    """The kinds that an office has not switched off, in the order of KeyKind."""
    every = [record(kind) for kind in KeyKind]
    return [each for each in every if office is None or getattr(office, each.switch)]

"""What the pages say that ask for six digits of a new key, the first and any other."""

from datetime import datetime
from typing import Final, assert_never

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from activation.enums import Purpose
from activation.exceptions import TooManyCodesError
from activation.holder import key_label
from activation.letters import phones
from activation.letters.masking import mask_email, mask_name
from activation.models import DigitalKey
from activation.one_time import sending
from activation.one_time.key_kinds import SentBy
from counter.email.mail_syntax import shown
from counter.sign_in import totp

NOT_OF_NOW: Final = gettext_lazy(
    "These are not the current digits. Wait for new ones and type them."
)


@sensitive_variables()
def context_of(
    key: DigitalKey,
    *,
    at: datetime,
    was_typed: bool = False,
    is_known: bool = True,
    knows_name: bool = True,
) -> dict[str, object]:
    """What _confirm_app.html or _confirm_message.html says of this key.

    An address stands there whole when it was typed in this session. Of a key that is
    not `is_known` here, because it was chosen in another visit, neither the number nor
    the secret does, and without `knows_name` the user name does not.
    """
    message = key.kind_record.message
    if message is None:
        if not is_known:
            return {"now": time_of_day(at), "secret": ""}
        return {
            "secret": totp.grouped(key.secret),
            "uri": _uri(key, knows_name=knows_name),
            "now": time_of_day(at),
        }
    return _about_message(key, message.by, at, was_typed=was_typed, is_known=is_known)


@sensitive_variables()
def _about_message(
    key: DigitalKey, by: SentBy, at: datetime, *, was_typed: bool, is_known: bool
) -> dict[str, object]:
    """Where the message went, until when it is good, and how many may still be sent.

    Unlike on other pages the number is shown in full where it was typed a moment ago:
    only then can a slip in it be seen. The same holds for an address that was typed
    here, not for the one given at the counter.
    """
    # Tried too often, a code no longer works, however much of its time is left.
    live = key.one_time_codes.live(at).with_tries_left().first()
    return {
        "sent": key.kind_record.sent(
            _written(key, by, was_typed=was_typed)
            if is_known
            else key_label.masked(key)
        ),
        "works_until": time_of_day(live.valid_until) if live else "",
        "allowed": allowed(key, Purpose.ACTIVATE, at=at),
    }


@sensitive_variables()
def _written(key: DigitalKey, by: SentBy, *, was_typed: bool) -> str:
    match by:
        case SentBy.TEXT_MESSAGE:
            language = get_language() or "nl"
            return phones.unbroken(phones.national(key.destination, language=language))
        case SentBy.MAIL:
            address = key.destination
            return shown(address) if was_typed else mask_email(address)
        case _:
            assert_never(by)


def allowed(key: DigitalKey, purpose: Purpose, *, at: datetime) -> list[str]:
    """The limits of docs/security.md#one-time-codes in words, for this key."""
    allowed = sending.allowance(
        holder=key.holder, destination=key.destination, purpose=purpose, at=at
    )
    sentences: list[str] = []
    if allowed.free_at > at:
        wait = TooManyCodesError(free_at=allowed.free_at, at=at)
        sentences.append(wait.then_press(_("Send a new code")))
    if 0 < allowed.today <= allowed.this_hour:
        sentences.append(
            ngettext(
                "You can ask for one more code today.",
                "You can ask for %(count)d more codes today.",
                allowed.today,
            )
            % {"count": allowed.today}
        )
    elif allowed.this_hour > 0:
        sentences.append(
            ngettext(
                "You can ask for one more code within this hour.",
                "You can ask for %(count)d more codes within this hour.",
                allowed.this_hour,
            )
            % {"count": allowed.this_hour}
        )
    return sentences


def time_of_day(at: datetime) -> str:
    """In Brussels, as the reader's language writes it."""
    return date_format(timezone.localtime(at), "TIME_FORMAT")


@sensitive_variables()
def _uri(key: DigitalKey, *, knows_name: bool) -> str:
    """The QR code's text; a second app's name is in it, to tell both apart."""
    user_name = key.holder.user_name
    name = user_name if knows_name else mask_name(user_name)
    return totp.uri(
        key.secret,
        user_name=f"{name} ({key.name})" if key.name else name,
        issuer=key.code.dossier.office.authority,
    )


@sensitive_variables()
def qr_image(key: DigitalKey | None, *, knows_name: bool = True) -> HttpResponse:
    """An app key as an SVG image; 404 when there is none.

    It has its own address, because an SVG inside the page would need style attributes
    that the content security policy forbids. No cache keeps it (`no-store`).
    """
    if key is None or key.kind_record.has_destination:
        return HttpResponse(status=404)
    picture = totp.qr_image(_uri(key, knows_name=knows_name))
    return HttpResponse(picture, content_type="image/svg+xml")

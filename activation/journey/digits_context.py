"""The template context of the pages that ask for the six digits of a new key.

For the first key and for keys that the holder adds later.
"""

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
from counter.email.mail_syntax import display_address
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
    """The context of _confirm_app.html or _confirm_message.html for this key.

    `was_typed`: the mail address was typed in this session, so it is shown unmasked.
    `is_known`: the key was chosen in this visit; otherwise the number is masked and the
    app's secret is left out, because another person may have chosen it. `knows_name`:
    the user name was typed or shown in this visit; otherwise it is masked.
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
    """Where the message went, until when its code works, how many may still be sent.

    Unlike on other pages the number is shown in full after it was typed, so that the
    person can see a typing mistake. The same holds for an address that was typed here,
    but not for the one given at the counter.
    """
    sent = key.one_time_codes.working(at).first()
    return {
        "sent": key.kind_record.sent(
            _written(key, by, was_typed=was_typed)
            if is_known
            else key_label.masked(key)
        ),
        "works_until": time_of_day(sent.valid_until) if sent else "",
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
            return display_address(address) if was_typed else mask_email(address)
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
    """The time of day in Brussels, in the format of the active language."""
    return date_format(timezone.localtime(at), "TIME_FORMAT")


@sensitive_variables()
def _uri(key: DigitalKey, *, knows_name: bool) -> str:
    """The text of the QR code. It has the key's name, to tell a second app apart."""
    user_name = key.holder.user_name
    name = user_name if knows_name else mask_name(user_name)
    return totp.uri(
        key.secret,
        user_name=f"{name} ({key.name})" if key.name else name,
        issuer=key.code.dossier.office.authority,
    )


@sensitive_variables()
def qr_image(key: DigitalKey | None, *, knows_name: bool = True) -> HttpResponse:
    """The QR code of an app key as an SVG image; 404 when `key` is not an app.

    The image has its own address, because an SVG inside the page would need style
    attributes that the content security policy forbids. It is not cached (`no-store`).
    """
    if key is None or key.kind_record.has_destination:
        return HttpResponse(status=404)
    picture = totp.qr_image(_uri(key, knows_name=knows_name))
    return HttpResponse(picture, content_type="image/svg+xml")

"""What a supervisor can do in the admin about a code, a key and a dossier's data."""

import uuid
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activation.codes import reissuing, revoking
from activation.enums import CodeState
from activation.exceptions import KeyGoneError
from activation.holder import own_keys
from activation.holder.key_label import described
from activation.models import DigitalKey
from counter.desk.acts import Act, ActAsked
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.models import Dossier


def _has_link(dossier: Dossier, at: datetime) -> bool:
    code = reissuing.unused_code(dossier, at=at)
    return code is not None and code.state == CodeState.LIVE


def _is_replaceable(dossier: Dossier, at: datetime) -> bool:
    return reissuing.unused_code(dossier, at=at) is not None


def _is_not_issued(dossier: Dossier, _at: datetime) -> bool:
    return dossier.state == DossierState.RECORDED


def _is_open(dossier: Dossier, at: datetime) -> bool:
    return _is_not_issued(dossier, at) or _is_replaceable(dossier, at)


def _is_correctable(dossier: Dossier, at: datetime) -> bool:
    return dossier.state == DossierState.ACTIVATED or _is_open(dossier, at)


def keys_in_force(dossier: Dossier, at: datetime) -> list[DigitalKey]:
    """The active keys of the dossier's person, also those from other visits."""
    keys = DigitalKey.objects.active(at).select_related("holder", "code__dossier")
    return list(keys.filter(holder__applicant=dossier.applicant_id))


def _has_key(dossier: Dossier, at: datetime) -> bool:
    keys = DigitalKey.objects.active(at)
    return keys.filter(holder__applicant=dossier.applicant_id).exists()


def _keys(dossier: Dossier, at: datetime) -> list[tuple[str, str]]:
    keys = keys_in_force(dossier, at)
    return [(str(key.pk), described(key, keys)) for key in keys]


def _code_and_address(dossier: Dossier, at: datetime) -> list[object]:
    """The address to which the mail would go, and the code whose link it would have."""
    code = reissuing.unused_code(dossier, at=at)
    return [dossier.email, *([code.pk, code.state] if code else [])]


def _resend(asked: ActAsked) -> None:
    reissuing.resend_link(dossier=asked.dossier, clerk=asked.clerk, at=asked.at)


def _revoke_code(asked: ActAsked) -> None:
    revoking.revoke_code(dossier=asked.dossier, clerk=asked.clerk, at=asked.at)


def _revoke_key(asked: ActAsked) -> None:
    wanted = uuid.UUID(asked.target)
    for key in keys_in_force(asked.dossier, asked.at):
        if key.pk == wanted:
            with suppress(KeyGoneError):
                own_keys.revoke_key(
                    key=key, at=asked.at, clerk=asked.clerk, in_absence=True
                )
                return
    raise CounterError(_("This key was revoked already."))


ACTS: Final = (
    Act(
        order=10,
        name="resend",
        label=gettext_lazy("Send the mail again"),
        explanation=gettext_lazy(
            "The same link is sent to the same address once more; its last day stays "
            "the same."
        ),
        done=gettext_lazy("The mail is sent again."),
        is_possible=_has_link,
        do=_resend,
        about=_code_and_address,
    ),
    Act(
        order=20,
        name="reissue",
        label=gettext_lazy("Print a new code"),
        is_possible=_is_replaceable,
        page="activation_desk:reissue_code",
    ),
    Act(
        order=30,
        name="revoke-code",
        label=gettext_lazy("Revoke the code"),
        explanation=gettext_lazy(
            "The code on paper and its link stop working at once. Who comes with the "
            "identity document can still get a new code; the payment stays."
        ),
        done=gettext_lazy("The code is revoked. It no longer works."),
        is_possible=_has_link,
        do=_revoke_code,
        about=_code_and_address,
    ),
    Act(
        order=40,
        name="revoke-key",
        label=gettext_lazy("Revoke a key"),
        explanation=gettext_lazy(
            "The key stops working at once, everywhere, and its holder is told by "
            "mail. User name and other keys stay."
        ),
        done=gettext_lazy("The key is revoked. It no longer works."),
        is_possible=_has_key,
        do=_revoke_key,
        targets=_keys,
    ),
    Act(
        order=50,
        name="correct-email",
        label=gettext_lazy("Correct the e-mail address"),
        is_possible=_is_open,
        page="activation_desk:correct_email",
    ),
    Act(
        order=60,
        name="correct-details",
        label=gettext_lazy("Correct names or document"),
        is_possible=_is_correctable,
        page="activation_desk:correct_details",
    ),
    Act(
        order=70,
        name="correct-number",
        label=gettext_lazy("Correct the national number"),
        is_possible=_is_open,
        page="activation_desk:correct_number",
    ),
    Act(
        order=80,
        name="waive",
        label=gettext_lazy("Waive the fee"),
        is_possible=_is_not_issued,
        page="activation_desk:waive_and_issue",
    ),
)

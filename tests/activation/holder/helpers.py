"""A key holder and their browser."""

from datetime import datetime

from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from activation.codes.validity import key_end
from activation.enums import CodeState, KeyKind, KeyState
from activation.models import DigitalKey, KeyHolder
from activation.one_time.destinations import destination_index
from activation.one_time.digits import one_time_text
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from counter.sign_in import totp
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD

USER_NAME = "peter.janssens"
MOBILE = "+32470123456"


def path(name: str, *args: object, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"activation_holder:{name}", args=args)


def make_holder(
    dossier: Dossier, clerk: Clerk, *, user_name: str = USER_NAME
) -> KeyHolder:
    """Peter with his account, a used code, and no key yet."""
    now = timezone.now()
    code, _ = cast.make_code(dossier, clerk)
    code.state, code.used_at = CodeState.USED, now
    code.save(update_fields=["state", "used_at"])
    dossier.state, dossier.activated_at = DossierState.ACTIVATED, now
    dossier.save(update_fields=["state", "activated_at"])
    holder = KeyHolder(
        applicant=dossier.applicant,
        user_name=user_name,
        created_at=now,
        email=dossier.email,
        language=dossier.language,
    )
    holder.set_password(GOOD_PASSWORD)
    holder.save()
    return holder


def make_anna(clerk: Clerk, *, email: str) -> KeyHolder:
    """A second person with an account."""
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    dossier = cast.make_dossier(anna, clerk, email=email)
    return make_holder(dossier, clerk, user_name="anna.janssens")


def make_key(
    holder: KeyHolder,
    kind: KeyKind,
    *,
    destination: str = "",
    at: datetime | None = None,
) -> DigitalKey:
    """One more active key of the holder."""
    at = at or timezone.now()
    key = DigitalKey(
        holder=holder,
        code=holder.dossier.codes.latest("issued_at"),
        is_first=not holder.keys.exists(),
        kind=kind,
        state=KeyState.ACTIVE,
        created_at=at,
        activated_at=at,
        valid_until=key_end(at),
    )
    if kind == KeyKind.APP:
        key.secret = totp.new_secret()
    else:
        key.destination = destination or MOBILE
        key.destination_index = destination_index(key.destination)
    key.save()
    return key


def digits_of(key: DigitalKey) -> str:
    """The digits that the app shows now, or that the newest message has."""
    if key.kind == KeyKind.APP:
        return totp.digits(key.secret, totp.step_at(timezone.now()))
    return one_time_text(key.one_time_codes.latest("requested_at"))


def fresh(key: DigitalKey) -> str:
    """The key's digits of now; those of an app work even when they were used before."""
    DigitalKey.objects.filter(pk=key.pk).update(last_step=0)
    return digits_of(key)


def show_password(
    client: Client, *, user_name: str = USER_NAME, password: str = GOOD_PASSWORD
) -> None:
    response = client.post(
        path("sign_in"), {"user_name": user_name, "password": password}
    )
    assert response.status_code == 303, response.content.decode()
    assert response["Location"] == path("show_key")


def sign_in(client: Client, key: DigitalKey) -> None:
    show_password(client)
    if key.kind != KeyKind.APP:
        client.post(path("send_digits"), {"key": key.pk})
    response = client.post(path("show_key"), {"key": key.pk, "digits": fresh(key)})
    assert response.status_code == 303, response.content.decode()
    assert response["Location"] == path("overview")

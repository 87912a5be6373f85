"""What a browser is asked about a passkey, and whether its answer is right.

The library (webauthn) builds the questions and compares: signature, challenge, origin,
site, the person's presence and that the device asked for its PIN, finger or face. Which
challenge and which passkey the answer has to fit is the caller's business.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from webauthn.helpers import options_to_json, parse_authentication_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from counter.crypto import encryption
from counter.crypto.encryption import UnsealError
from counter.models import Clerk, Passkey
from counter.models.passkeys import CREDENTIAL_ID_BYTES

SITE_NAME: Final = "Sleutelloket"
#: As long as a challenge is taken (counter.passkeys.challenges), in milliseconds.
_TIMEOUT: Final = 5 * 60 * 1000
#: Those that every device and browser has: no others are asked for or taken.
_ALGORITHMS: Final = [
    Algorithm.ECDSA_SHA_256,
    Algorithm.EDDSA,
    Algorithm.RSASSA_PKCS1_v1_5_SHA_256,
]


class Site(NamedTuple):
    """Whose passkeys they are, as browsers see it."""

    id: str
    origin: str


class NewPasskey(NamedTuple):
    """What a device made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def site() -> Site:
    """From SITE_URL, never from the request: its host is the visitor's to write."""
    return Site(id=urlsplit(settings.SITE_URL).hostname or "", origin=settings.SITE_URL)


def is_possible() -> bool:
    """Browsers make passkeys for a name, and for no bare address."""
    try:
        ip_address(site().id)
    except ValueError:
        return True
    return False


@sensitive_variables()
def question_to_add(clerk: Clerk, challenge: bytes) -> str:
    """What `navigator.credentials.create` is given, as JSON.

    The device keeps the user name and shows it; its own handle for the account is a
    keyed digest, which says nothing about it.
    """
    options = webauthn.generate_registration_options(
        rp_id=site().id,
        rp_name=SITE_NAME,
        user_id=_handle(clerk),
        user_name=clerk.get_username(),
        user_display_name=str(clerk),
        challenge=challenge,
        timeout=_TIMEOUT,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(clerk.passkeys.all()),
        supported_pub_key_algs=_ALGORITHMS,
    )
    return options_to_json(options)


@sensitive_variables()
def question_to_sign_in(clerk: Clerk, challenge: bytes) -> str:
    """What `navigator.credentials.get` is given, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=site().id,
        challenge=challenge,
        timeout=_TIMEOUT,
        allow_credentials=_descriptors(clerk.passkeys.all()),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


@sensitive_variables()
def made(answer: str, *, challenge: bytes) -> NewPasskey:
    """The passkey that a browser made in answer to `question_to_add`.

    Raises ValidationError.
    """
    ours = site()
    not_taken = ValidationError(
        _("This passkey was not taken. Try it again."), code="passkey"
    )
    with _whatever_it_raises(not_taken):
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=ours.id,
            expected_origin=ours.origin,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    if len(verified.credential_id) > CREDENTIAL_ID_BYTES:
        raise not_taken
    return NewPasskey(
        verified.credential_id, verified.credential_public_key, verified.sign_count
    )


@sensitive_variables()
def credential_id_of(answer: str) -> bytes:
    """Which passkey a browser says it signed with. Raises ValidationError."""
    with _whatever_it_raises(refusal()):
        return parse_authentication_credential_json(answer).raw_id


@sensitive_variables()
def signed(answer: str, *, passkey: Passkey, challenge: bytes) -> int:
    """The device's count after it signed `challenge` with this passkey.

    Raises ValidationError, also where a device that counts has not counted on: then
    there is a copy of it.
    """
    ours = site()
    try:
        public_key = passkey.public_key
    except (UnsealError, ValueError) as error:  # changed in the database
        raise refusal() from error
    with _whatever_it_raises(refusal()):
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=ours.id,
            expected_origin=ours.origin,
            credential_public_key=public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    return verified.new_sign_count


@contextmanager
def _whatever_it_raises(instead: ValidationError) -> Iterator[None]:
    """Around one call of the library and nothing of ours.

    It gives a visitor's bytes to readers of JSON, CBOR, keys, certificates and ASN.1,
    five packages with exceptions of their own; whichever it is, the answer is wrong.
    """
    try:
        yield
    except Exception as error:
        raise instead from error


def refusal() -> ValidationError:
    """One sentence for whatever was wrong with it."""
    return ValidationError(
        _("This passkey was not accepted. Try it again, or type the app's digits."),
        code="passkey",
    )


def _descriptors(rows: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(row.credential_id)) for row in rows]


def _handle(clerk: Clerk) -> bytes:
    """The same each time, so a device replaces what it kept for this account."""
    indexes = encryption.indexes(str(clerk.pk), purpose="account of a passkey")
    return next(iter(indexes.values()))

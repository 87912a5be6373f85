"""Makes the WebAuthn options for a browser, and verifies its answers.

The library (webauthn) makes the options. It verifies signature, challenge, origin,
site, the person's presence, and that the device asked for its PIN, finger or face. The
caller says for which challenge and which passkey the answer must be.
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
#: For how long a challenge is valid (counter.passkeys.challenges), in milliseconds.
_TIMEOUT: Final = 5 * 60 * 1000
#: The algorithms that all devices and browsers have; no others are accepted.
_ALGORITHMS: Final = [
    Algorithm.ECDSA_SHA_256,
    Algorithm.EDDSA,
    Algorithm.RSASSA_PKCS1_v1_5_SHA_256,
]


class Site(NamedTuple):
    """The site to which browsers bind a passkey."""

    id: str
    origin: str


class NewPasskey(NamedTuple):
    """The data of a passkey that a device made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def site() -> Site:
    """The site in SITE_URL. The request's host is not used: a visitor can set it."""
    return Site(id=urlsplit(settings.SITE_URL).hostname or "", origin=settings.SITE_URL)


def is_possible() -> bool:
    """Whether browsers make passkeys for this site: they do not for an IP address."""
    try:
        ip_address(site().id)
    except ValueError:
        return True
    return False


@sensitive_variables()
def question_to_add(clerk: Clerk, challenge: bytes) -> str:
    """The options for `navigator.credentials.create`, as JSON.

    The device stores and shows the user name. The user handle is a keyed digest, which
    tells nothing about the account.
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
    """The options for `navigator.credentials.get`, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=site().id,
        challenge=challenge,
        timeout=_TIMEOUT,
        allow_credentials=_descriptors(clerk.passkeys.all()),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


@sensitive_variables()
def verify_new_passkey(answer: str, *, challenge: bytes) -> NewPasskey:
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
    """The id of the passkey with which the browser says it signed.

    Raises ValidationError.
    """
    with _whatever_it_raises(refusal()):
        return parse_authentication_credential_json(answer).raw_id


@sensitive_variables()
def signed(answer: str, *, passkey: Passkey, challenge: bytes) -> int:
    """The device's signature counter, after it signed `challenge` with this passkey.

    Raises ValidationError. It also does so when the counter did not increase: then the
    passkey may have been copied. Devices without a counter always send 0.
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
    """Raise `instead` for any exception of the block, which is one call of the library.

    The library parses a visitor's bytes as JSON, CBOR, keys, certificates and ASN.1
    with five packages, which have exceptions of their own. For each of them the answer
    is wrong.
    """
    try:
        yield
    except Exception as error:
        raise instead from error


def refusal() -> ValidationError:
    """The error for a wrong answer; its sentence is the same for all reasons."""
    return ValidationError(
        _("This passkey was not accepted. Try it again, or type the app's digits."),
        code="passkey",
    )


def _descriptors(rows: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(row.credential_id)) for row in rows]


def _handle(clerk: Clerk) -> bytes:
    """The account's user handle. It is always the same, so a device replaces its older
    passkey for this account.
    """
    indexes = encryption.indexes(str(clerk.pk), purpose="account of a passkey")
    return next(iter(indexes.values()))

"""A colleague's device that makes passkeys: real keys and signatures, no browser.

A test may set each field of `Device` to a wrong value, as an attacker would.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey. A device that counts no signatures always has `sign_count` 0."""

    site: str
    origin: str
    sign_count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    is_verified: bool = True

    def make(self, question: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`."""
        numbers = self.key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        length = len(self.credential_id).to_bytes(2, "big")
        made = bytes(16) + length + self.credential_id + public
        attested = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._data(_WITH_KEY) + made,
        }
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", question),
            attestationObject=cbor2.dumps(attested),
        )

    def sign(self, question: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.get`."""
        if self.sign_count:
            self.sign_count += 1
        client_data, data = self._client_data("webauthn.get", question), self._data()
        signed = data + hashlib.sha256(client_data).digest()
        return self._answer(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=self.key.sign(signed, ec.ECDSA(SHA256())),
        )

    def _data(self, flags: int = 0) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.is_verified else 0)
        site = hashlib.sha256(self.site.encode()).digest()
        return site + bytes([flags]) + self.sign_count.to_bytes(4, "big")

    def _client_data(self, kind: str, question: dict[str, Any]) -> bytes:
        return json.dumps(
            {
                "type": kind,
                "challenge": question["challenge"],
                "origin": self.origin,
                "crossOrigin": False,
            }
        ).encode()

    def _answer(self, **response: bytes) -> str:
        id_ = bytes_to_base64url(self.credential_id)
        coded = {name: bytes_to_base64url(value) for name, value in response.items()}
        answer = {"id": id_, "rawId": id_, "type": "public-key", "response": coded}
        return json.dumps(answer)

"""A city's sign-on that signs whatever token a test wants.

with Forger() as forger:
    forger.claims["exp"] = 0
    ...
"""

import json
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from counter.city_sign_on.provider import way_back
from tests.city_sign_on.provider import DESK, ID, ROLES, SECRET

Key = OctKey | RSAKey | ECKey | OKPKey


def rsa(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class Forger:
    """A server with a directory and keys, which gives a token for a code.

    `claims` replace those of a right token; a claim that is None is left out.
    """

    def __init__(self) -> None:
        self.key: Key = rsa("first")
        self.algorithm = "RS256"
        self.published: list[Key] = [self.key]
        self.claims: dict[str, Any] = {}
        self.directory: dict[str, Any] = {}
        #: Status and body that the token's address answers instead of a token.
        self.answer: tuple[int, str] | None = None
        self.asked: list[str] = []
        self.sent: list[dict[str, list[str]]] = []
        self._nonces: dict[str, str] = {}
        handler = type("Handler", (_Handler,), {"forger": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def settings(self, **other: Any) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "name": "Stad Leuven",
            "client_id": ID,
            "client_secret": SECRET,
            "role_claim": "roles",
            "roles": ROLES,
            "amr": ["mfa"],
            **other,
        }

    def way_back(self, address: str, **other: str) -> str:
        """The address at which a browser comes back that was led to `address`."""
        asked = {name: v[0] for name, v in parse_qs(urlsplit(address).query).items()}
        self._nonces["code"] = asked["nonce"]
        query = {"state": asked["state"], "code": "code", "iss": self.issuer} | other
        return f"{way_back()}?{urlencode(query)}"

    def token(self, nonce: str) -> str:
        now = int(time.time())
        right = {
            "iss": self.issuer,
            "sub": "els",
            "aud": ID,
            "exp": now + 300,
            "iat": now,
            "auth_time": now,
            "nonce": nonce,
            "roles": [DESK],
            "amr": ["mfa"],
        }
        claims = {k: v for k, v in (right | self.claims).items() if v is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        algorithms = ["RS256", "ES256", "HS256", "PS256"]
        return jwt.encode(header, claims, self.key, algorithms=algorithms)

    def respond(self, method: str, path: str, body: str) -> tuple[int, str]:
        self.asked.append(f"{method} {path}")
        if path == "/.well-known/openid-configuration":
            right = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
            return 200, json.dumps(right | self.directory)
        if path == "/keys":
            published = KeySet(self.published).as_dict(private=False)
            return 200, json.dumps(published)
        if self.answer is not None:
            return self.answer
        self.sent.append(parse_qs(body))
        nonce = self._nonces.get(self.sent[-1]["code"][0], "")
        return 200, json.dumps({"id_token": self.token(nonce)})

    def __enter__(self) -> Self:
        serve = partial(self._server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the server: its address no longer answers."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    forger: Forger

    def respond(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        status, answer = self.forger.respond(self.command, self.path, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer.encode())))
        self.end_headers()
        self.wfile.write(answer.encode())

    do_GET = do_POST = respond  # noqa: N815 (http.server's names)

    def log_message(self, *_: object) -> None:
        pass

"""The real provider as a process, and a person who signs in there without a browser."""

import json
import re
import subprocess
import time
from pathlib import Path
from shutil import which
from typing import Any, Final, Self
from urllib.parse import urljoin

import httpx
import pytest

from counter.enums import Role
from localrun.processes import free_port, kill_session, spawn, tail

ROOT: Final = Path(__file__).resolve().parent.parent.parent
SECONDS: Final = 40.0
ID: Final = "sleutelloket"
SECRET: Final = "the-secret-of-the-tests-and-of-nobody-else"
#: The role that each of the city's groups gives; of several groups, the first counts.
ROLES: Final = {
    "Sleutelloket beheer": Role.ADMINISTRATOR.value,
    "Sleutelloket leiding": Role.SUPERVISOR.value,
    "Sleutelloket balie": Role.CLERK.value,
}
DESK: Final = "Sleutelloket balie"
LEADS: Final = "Sleutelloket leiding"

IS_HERE: Final = pytest.mark.skipif(
    which("node") is None or not (ROOT / "node_modules" / "oidc-provider").exists(),
    reason="no node, or not what package.json names",
)


class CityProvider:
    """A provider that runs, for the site at `site`; `person` says what it knows."""

    def __init__(self, log: Path, *, site: str, host: str = "127.0.0.1") -> None:
        self.port = free_port()
        self.issuer = f"http://{host}:{self.port}"
        self._log, self._site = log, site
        self.start()

    def start(self) -> None:
        """Start the provider, each time with new keys, and wait until it listens."""
        options = {
            "issuer": self.issuer,
            "port": self.port,
            "redirectUris": [f"{self._site}/counter/sign-in/city/back/"],
            "signedOutUris": [f"{self._site}/counter/sign-in/"],
            "id": ID,
            "secret": SECRET,
        }
        command = ["node", "tests/city_sign_on/provider.mjs", json.dumps(options)]
        self._child: subprocess.Popen[bytes] = spawn(
            command, log=self._log, env={"PATH": _path()}, cwd=ROOT
        )
        deadline = time.monotonic() + SECONDS
        while "listens" not in self._log.read_text():
            assert self._child.poll() is None, tail(self._log)
            assert time.monotonic() < deadline, tail(self._log)
            time.sleep(0.05)

    def stop(self) -> None:
        if self._child.poll() is None:
            kill_session(self._child.pid)
            self._child.wait(SECONDS)
        self._log.write_text("")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def settings(self, **other: Any) -> dict[str, Any]:
        """`CITY_SIGN_ON` for this provider."""
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

    def person(self, subject: str, *roles: str, **claims: object) -> None:
        """Set what this person's tokens say from now on; `amr` is how they sign in."""
        amr = claims.pop("amr", ["mfa"])
        known = {"claims": {"roles": list(roles), **claims}, "amr": amr}
        url = f"http://127.0.0.1:{self.port}/people/{subject}"
        httpx.put(url, json=known, trust_env=False).raise_for_status()


class Visitor:
    """A browser at the provider, which keeps cookies and does nothing else."""

    def __init__(self) -> None:
        self._client = httpx.Client(trust_env=False, timeout=SECONDS)

    def sign_in(self, address: str, subject: str) -> str:
        """Sign in; returns the address that the provider leads back to."""
        return self._answer(address, {"login": subject})

    def cancel(self, address: str) -> str:
        return self._answer(address, {"stop": "1"})

    def walk(self, address: str) -> tuple[str, httpx.Response | None]:
        """Follow redirects until one leaves the provider, or a page asks something.

        Returns the last address, and the page; None for one outside the provider.
        """
        here = httpx.URL(address)
        while True:
            page = self._client.get(address)
            if not page.is_redirect:
                return address, page
            address = urljoin(address, page.headers["Location"])
            if httpx.URL(address).netloc != here.netloc:
                return address, None

    def _answer(self, address: str, typed: dict[str, str]) -> str:
        asked, page = self.walk(address)
        if page is None:
            return asked  # already signed in: the provider asked nothing
        assert "/interaction/" in asked, page.text
        answer = self._client.post(asked, data=typed)
        assert answer.is_redirect, answer.text
        back, page = self.walk(urljoin(asked, answer.headers["Location"]))
        assert page is None, page.text
        return back


def led_to(page: str) -> str:
    """The address to which a page of ours sends the browser on."""
    match = re.search(r'content="0; url=([^"]+)"', page)
    assert match, page
    return match[1].replace("&amp;", "&")


def _path() -> str:
    node = which("node")
    assert node
    return str(Path(node).parent)

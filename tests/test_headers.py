"""The headers of docs/security.md, on every page and with every status."""

import re
from collections.abc import Mapping

import pytest
from django.test import Client
from django.urls import reverse

from counter.admin.journal import JournalEntryAdmin
from counter.models import Clerk
from tests.access_world import World, address, people, routes, world
from tests.production import production, run

__all__ = ["people", "production", "world"]

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
NONCE = re.compile(r"'nonce-[\w+/=-]{20,}'")
# A handler, a style attribute, a script whose code stands in the page.
INLINE = re.compile(
    r"<[^>]*\s(?:on\w+|style)\s*=|<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>",
    re.IGNORECASE,
)
SCRIPT = re.compile(r"<script\b[^>]*>", re.IGNORECASE)


# Shown in a frame of our own pages: the slip and the receipt, and a mail in the demo
# inbox, which is as its sender wrote it.
FRAMED = {
    "activation_desk:slip": {"X-Frame-Options", "frame-ancestors"},
    "payments_receipts:receipt": {"X-Frame-Options", "frame-ancestors"},
    "payments_receipts:print_receipt": {"X-Frame-Options", "frame-ancestors"},
    "localrun_inbox:message_html": {*POLICY, "X-Frame-Options"},
}
# A public list that is the same for everybody, so browsers may keep it.
KEPT = {"activation_journey:common_passwords": {"Cache-Control"}}


def lacking(headers: Mapping[str, str]) -> list[str]:
    """Which headers an answer lacks."""
    missing = [
        name for name, value in FIXED.items() if value not in headers.get(name, "")
    ]
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in headers.get("Content-Security-Policy", "").split(";")
    )
    missing += [name for name, value in POLICY.items() if policy.get(name) != value]
    script = policy.get("script-src", "")
    # A page without scripts has no nonce, and then default-src forbids them all.
    if script and not NONCE.fullmatch(script):
        missing.append(f"script-src {script}")
    if not headers.get("Permissions-Policy"):
        missing.append("Permissions-Policy")
    if headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        missing.append("Referrer-Policy")
    if not headers.get("X-Request-ID"):
        missing.append("X-Request-ID")
    return missing


@pytest.mark.parametrize("role", ["stranger", "els", "sofie"])
def test_every_page_carries_them(world: World, role: str) -> None:
    client = world.client(role)
    wrong = []
    for name, path in routes():
        response = client.get(address(path, world))
        missing = lacking(response.headers)
        excused = FRAMED.get(name, set()) | KEPT.get(name, set())
        missing = [lack for lack in missing if lack not in excused]
        if missing:
            wrong.append((name, response.status_code, missing))
        if "text/html" in response.get("Content-Type", ""):
            text = response.content.decode()
            wrong += [(name, 0, [inline]) for inline in INLINE.findall(text)]
            nonce = NONCE.search(response["Content-Security-Policy"])
            for script in SCRIPT.findall(text):
                if "application/json" in script:
                    continue
                if nonce is None or f'nonce="{nonce[0][7:-1]}"' not in script:
                    wrong.append((name, 0, [script]))
    assert not wrong


def test_only_our_own_pages_frame_the_slip(world: World) -> None:
    slip = dict(routes())["activation_desk:slip"]
    answer = world.client("els").get(address(slip, world))
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


def test_refusals_carry_them(sofie_client: Client, els_client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    answers = {
        404: sofie_client.get("/nothing/here/"),
        403: strict.post(reverse("counter_sign_in:sign_in"), {}),
        405: els_client.post(reverse("counter_desk:desk")),
        400: sofie_client.get(
            reverse("admin:counter_dossier_changelist"), {"email__exact": "x"}
        ),
    }
    for status, response in answers.items():
        assert response.status_code == status
        assert not lacking(response.headers), status


def test_a_page_that_fails_carries_them_and_a_reference(
    sofie: Clerk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("85073003328")

    monkeypatch.setattr(JournalEntryAdmin, "get_queryset", fail)
    client = Client(raise_request_exception=False)
    client.force_login(sofie)
    response = client.get(reverse("admin:counter_journalentry_changelist"))
    assert response.status_code == 500
    assert not lacking(response.headers)
    assert response["X-Request-ID"] in response.content.decode()
    assert "85073003328" not in response.content.decode()


ASKED_IN_PRODUCTION = """
import django
django.setup()
from django.test import Client
client = Client(headers={"Host": "sleutels.leuven.example"})
answer = client.get("/nl/")
print(answer.status_code, answer["Location"])
answer = client.get("/healthz", headers={"X-Forwarded-Proto": "https"})
print(answer.status_code, answer["Strict-Transport-Security"])
"""


def test_production_keeps_browsers_on_https(production: dict[str, str]) -> None:
    production["DJANGO_SETTINGS_MODULE"] = "tests.production_settings"
    ended = run(["-c", ASKED_IN_PRODUCTION], production)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        "301 https://sleutels.leuven.example/nl/",
        "200 max-age=31536000; includeSubDomains; preload",
    ]

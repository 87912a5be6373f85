"""A process of our own with production's settings."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 120


def key(kid: str) -> str:
    return f"{kid}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@pytest.fixture
def production() -> dict[str, str]:
    return environment_of_production()


def environment_of_production() -> dict[str, str]:
    """A whole environment for production, with nothing inherited from the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DERIVATION_KEYS": key("d1"),
        "ENCRYPTION_KEYS": f"{key('e2')},{key('e1')}",
        "INDEX_KEYS": key("a"),
        "SEAL_KEYS": key("s1"),
        "DATA_PROTECTION_EMAIL": "privacy@leuven.example",
        "ALLOWED_HOSTS": "sleutels.leuven.example",
        "SITE_URL": "https://sleutels.leuven.example",
        "DATABASE_URL": "postgresql://someone:secret@db/sleutelloket",
        "REDIS_URL": "redis://broker/0",
        "SMTP_HOST": "mail.leuven.example",
        "DEFAULT_FROM_EMAIL": "Stad Leuven <noreply@leuven.example>",
    }


def run(words: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

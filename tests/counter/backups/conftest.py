"""An age key, a directory for backups, and the embedded server's own programs."""

import os
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest
from django.utils import timezone
from pytest_django import Settings

from counter.backups import checking, making
from counter.backups.checking import Checked
from counter.backups.making import Made
from counter.database.addresses import Address
from localrun.servers import postgres_program

SERVER = "SUPERUSER_DATABASE_URL"


@dataclass(frozen=True)
class Vault:
    """Where the backups go, and the secret key that opens them."""

    place: Path
    key: Path

    def backup(self) -> Made:
        return making.make(self.place, at=timezone.now())

    def check(self, file: Path, *, key: Path | None = None) -> Checked:
        server = Address.read(os.environ[SERVER], name=SERVER)
        return checking.check(file, identity=key or self.key, server=server)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.place.iterdir())


def new_key(file: Path) -> str:
    """Write a secret key as age-keygen does; returns its public key."""
    secret = pyrage.x25519.Identity.generate()
    public = str(secret.to_public())
    file.write_text(f"# created: today\n# public key: {public}\n{secret}\n")
    return public


@pytest.fixture
def vault(transactional_db: None, tmp_path: Path, settings: Settings) -> Vault:
    place = tmp_path / "backups"
    place.mkdir()
    settings.BACKUP_RECIPIENTS = [new_key(tmp_path / "key.txt")]
    settings.POSTGRES_PROGRAMS = str(postgres_program.root() / "bin")
    return Vault(place, tmp_path / "key.txt")

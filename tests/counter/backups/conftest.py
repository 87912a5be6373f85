"""An age key, a directory for backups, and the embedded server's own programs."""

import os
import uuid
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.utils import timezone
from psycopg.conninfo import make_conninfo
from pytest_django import Settings

from activation.codes import issuing
from counter.backups import checking, making
from counter.backups.checking import Checked
from counter.backups.making import Made
from counter.database.addresses import Address
from counter.journal import journal
from counter.models import Clerk, Dossier
from localrun.servers import postgres_program
from payments.drawers import drawers
from payments.drawers.denominations import fewest
from payments.enums import Method

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


@pytest.fixture
def worked(vault: Vault, dossier: Dossier, els: Clerk) -> Vault:
    """An office in which somebody paid, and the journal was sealed."""
    at = dossier.recorded_at
    issuing.pay_and_issue(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(20),
        terminal_slip="",
        document_seen=True,
        submission=uuid.uuid4(),
        at=at,
        terminal=None,
    )
    [drawer] = els.drawers.all()
    counts = fewest(drawers.expected_in(drawer))
    drawers.count_drawer(drawer=drawer, clerk=els, counts=counts, at=at)
    journal.seal()
    return vault


def scratch_is_gone() -> bool:
    address = make_conninfo(os.environ["SUPERUSER_DATABASE_URL"], dbname="postgres")
    with psycopg.connect(address) as server:
        asked = "SELECT FROM pg_database WHERE datname = 'restore_check'"
        return server.execute(asked).fetchone() is None

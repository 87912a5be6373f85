"""An office's backup can be restored, and the check names what is wrong with one."""

import dataclasses
import os
import subprocess
from decimal import Decimal
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from counter.backups import programs
from counter.backups.exceptions import (
    NotTheSameError,
)
from counter.backups.manifest import Manifest
from counter.backups.scratch import scratch
from counter.database.addresses import Address
from counter.database.roles import APPLICATION
from counter.journal import journal
from counter.models import Clerk, JournalEntry
from payments.models import Payment, Receipt
from tests.counter.backups.conftest import SERVER, Vault, scratch_is_gone
from tests.database import superuser


def database_in_use() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return str(cursor.fetchone()[0])


def remade(vault: Vault, file: Path, manifest: Manifest) -> Path:
    """The same archive with another manifest, which needs only the public key."""
    [secret] = [w for w in vault.key.read_text().split() if w.startswith("AGE-")]
    identity = pyrage.x25519.Identity.from_str(secret)
    plain = pyrage.decrypt(file.read_bytes(), [identity])
    archive = plain.partition(b"\n")[2]
    made = vault.place / "remade.age"
    made.write_bytes(pyrage.encrypt(manifest.line() + archive, [identity.to_public()]))
    return made


def test_a_backup_comes_back_as_it_was(worked: Vault) -> None:
    made = worked.backup()
    # The office goes on; the backup is not expected to have later changes.
    Clerk.objects.update(first_name="Later")
    checked = worked.check(made.path)
    assert checked.manifest == made.manifest
    figures = checked.manifest.figures
    assert figures["rows"]["payments_payment"] == 1
    assert figures["journal"]["head"] == journal.head() != ""
    [receipt] = Receipt.objects.all()
    which = f"office {receipt.office_id} in {receipt.year}"
    assert figures["receipts"] == {which: "1, numbered 1 to 1"}
    [drawer] = figures["drawers"].values()
    assert drawer == "cash 10.00, given back 0.00, safe 0.00"
    [day] = figures["days"].values()
    assert day == "cash 10.00"
    assert scratch_is_gone()


def test_nothing_in_the_file_can_be_read(worked: Vault) -> None:
    made = worked.backup()
    kept = made.path.read_bytes()
    for word in (b"peter@example.org", b"Janssens", b"PGDMP", b"payments_payment"):
        assert word not in kept
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert worked.files() == [made.path.name]


def test_the_line_in_the_docs_restores_it_by_hand(worked: Vault) -> None:
    """`age --decrypt ... | tail --lines=+2 | pg_restore --exit-on-error --dbname ...`,
    with owners and privileges, and without our own program.
    """
    made = worked.backup()
    [secret] = [w for w in worked.key.read_text().split() if w.startswith("AGE-")]
    identity = pyrage.x25519.Identity.from_str(secret)
    plain = pyrage.decrypt(made.path.read_bytes(), [identity])
    server = Address.read(os.environ[SERVER], name=SERVER)
    with scratch(server) as empty:
        restore = f"{programs.find('pg_restore')} --exit-on-error --dbname"
        subprocess.run(
            ["sh", "-c", f'tail --lines=+2 | {restore} "$1"', "sh", empty.conninfo()],
            input=plain,
            check=True,
        )
        with psycopg.connect(empty.conninfo()) as restored:
            asked = "SELECT amount FROM payments_payment"
            assert restored.execute(asked).fetchall() == [(Decimal("10.00"),)]
            may = "SELECT has_table_privilege(%s, 'payments_payment', %s)"
            for right, has in (("SELECT", True), ("DELETE", False)):
                assert restored.execute(may, [APPLICATION, right]).fetchone() == (has,)


def test_an_entry_of_the_journal_altered_before_the_backup_is_named(
    worked: Vault,
) -> None:
    entry = JournalEntry.objects.earliest("pk")
    with superuser() as server:
        server.execute(
            "UPDATE counter_journalentry SET event = 'code_lapsed' WHERE id = %s",
            [entry.pk],
        )
    made = worked.backup()
    with pytest.raises(NotTheSameError, match=f"entry {entry.pk} was altered"):
        worked.check(made.path)
    assert scratch_is_gone()


def test_a_receipt_that_is_gone_is_named(worked: Vault) -> None:
    [receipt] = Receipt.objects.all()
    with superuser() as server:
        server.execute("DELETE FROM payments_receipt")
    made = worked.backup()
    named = f"receipts of office {receipt.office_id} in {receipt.year} are gone, up to"
    with pytest.raises(NotTheSameError, match=named):
        worked.check(made.path)


def test_an_amount_that_was_altered_is_named_with_its_drawer(worked: Vault) -> None:
    before = worked.backup().manifest
    with superuser() as server:
        server.execute("UPDATE payments_payment SET amount = amount + 5")
    altered = worked.backup()
    [payment] = Payment.objects.all()
    # The backup agrees with its manifest, but the books in it are wrong.
    with pytest.raises(NotTheSameError, match=f"Drawer {payment.drawer_id} was counte"):
        worked.check(altered.path)
    # With the manifest of before, the check names the first figure that differs.
    old = remade(worked, altered.path, before)
    with pytest.raises(NotTheSameError, match=r"cash 10\.00, given back") as raised:
        worked.check(old)
    assert "cash 15.00" in str(raised.value)
    assert any("days" in note for note in raised.value.__notes__)


def test_rows_that_are_missing_are_named_with_their_table(worked: Vault) -> None:
    made = worked.backup()
    rows = dict(made.manifest.figures["rows"])
    rows["counter_clerk"] = 7
    figures = {**made.manifest.figures, "rows": rows}
    file = remade(
        worked, made.path, dataclasses.replace(made.manifest, figures=figures)
    )
    with pytest.raises(NotTheSameError, match="rows, counter_clerk: 7 when the backup"):
        worked.check(file)


@pytest.mark.parametrize("is_whole_figure", [False, True])
def test_what_only_one_side_has_counts_as_well(
    worked: Vault, *, is_whole_figure: bool
) -> None:
    """A table or figure is named that only the manifest has, or only the database."""
    made = worked.backup()
    less = {code: dict(of) for code, of in made.manifest.figures.items()}
    if is_whole_figure:
        del less["rows"]
    else:
        del less["rows"]["counter_clerk"]
    file = remade(worked, made.path, dataclasses.replace(made.manifest, figures=less))
    with pytest.raises(NotTheSameError, match="nothing when the backup was made, 1 in"):
        worked.check(file)
    more = {**made.manifest.figures, "bags": {"bag 7": "1 sealed"}}
    file = remade(worked, made.path, dataclasses.replace(made.manifest, figures=more))
    with pytest.raises(NotTheSameError, match="bags, bag 7: 1 sealed when the backup"):
        worked.check(file)


def test_a_backup_of_another_version_says_so(worked: Vault) -> None:
    with superuser() as server:
        server.execute("DELETE FROM django_migrations WHERE app = 'notifications'")
    made = worked.backup()
    with superuser() as server:
        server.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('notifications', '0001_create_tables', now())"
        )
    with pytest.raises(NotTheSameError, match="another version of Sleutelloket"):
        worked.check(made.path)


def test_what_a_killed_check_left_is_swept_by_the_next(worked: Vault) -> None:
    made = worked.backup()
    address = make_conninfo(os.environ["SUPERUSER_DATABASE_URL"], dbname="postgres")
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("CREATE DATABASE restore_check")
    before = database_in_use()
    worked.check(made.path)
    assert scratch_is_gone()
    # Django speaks to the tests' database again.
    assert database_in_use() == before
    assert Payment.objects.count() == 1

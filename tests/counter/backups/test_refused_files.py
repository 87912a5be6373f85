"""A file that does not open, or is no backup of ours, is refused with the reason."""

from io import BytesIO
from pathlib import Path

import pyrage
import pytest

from counter.backups.exceptions import NotOpenedError, PlaceError, ProgramError
from counter.backups.streams import WithoutFirstLine
from tests.counter.backups.conftest import Vault, new_key, scratch_is_gone


def test_another_key_does_not_open_it(worked: Vault, tmp_path: Path) -> None:
    made = worked.backup()
    other = tmp_path / "other.txt"
    new_key(other)
    with pytest.raises(NotOpenedError, match="This key does not open the backup"):
        worked.check(made.path, key=other)
    assert scratch_is_gone()


def test_the_public_half_is_no_key(worked: Vault, tmp_path: Path) -> None:
    made = worked.backup()
    wrong = tmp_path / "public.txt"
    for text in ("age1qqqq", "", "# nothing but notes\n"):
        wrong.write_text(text)
        with pytest.raises(NotOpenedError, match="holds no secret key"):
            worked.check(made.path, key=wrong)
    with pytest.raises(PlaceError, match="No such file"):
        worked.check(made.path, key=tmp_path / "lost.txt")


@pytest.mark.parametrize("left", [0, 300, 0.999])
def test_a_file_that_is_cut_off_is_not_taken_for_whole(
    worked: Vault, left: float
) -> None:
    made = worked.backup()
    whole = made.path.read_bytes()
    keep = int(len(whole) * left) if 0 < left < 1 else int(left)
    made.path.write_bytes(whole[:keep])
    with pytest.raises(NotOpenedError):
        worked.check(made.path)
    assert scratch_is_gone()


def test_one_bit_of_the_file_turned_is_seen(worked: Vault) -> None:
    made = worked.backup()
    bits = bytearray(made.path.read_bytes())
    bits[len(bits) // 2] ^= 1
    made.path.write_bytes(bits)
    with pytest.raises(NotOpenedError, match="cut off or altered"):
        worked.check(made.path)


def test_what_is_no_backup_is_not_restored(worked: Vault) -> None:
    [secret] = [w for w in worked.key.read_text().split() if w.startswith("AGE-")]
    public = pyrage.x25519.Identity.from_str(secret).to_public()
    stray = worked.place / "stray.age"
    for text in (b"a letter\nto somebody", b"no line at all", b'{"format": 1}\n'):
        written = BytesIO()
        pyrage.encrypt_io(BytesIO(text), written, [public])
        stray.write_bytes(written.getvalue())
        with pytest.raises(NotOpenedError, match="no backup of Sleutelloket"):
            worked.check(stray)


def test_nothing_of_a_refused_file_goes_on() -> None:
    """Age offers a piece again after an error."""

    def refuse(line: bytes) -> None:
        raise NotOpenedError(line.decode())

    beyond = BytesIO()
    out = WithoutFirstLine(beyond, refuse)
    for _offered in range(2):
        with pytest.raises(NotOpenedError, match="a letter"):
            out.write(b"a letter\nto somebody")
    assert beyond.getvalue() == b""


def test_the_reason_why_pg_restore_stopped_is_told(worked: Vault) -> None:
    """The archive does not fit into the pipe, so the rest of it meets a closed one."""
    made = worked.backup()
    [secret] = [w for w in worked.key.read_text().split() if w.startswith("AGE-")]
    public = pyrage.x25519.Identity.from_str(secret).to_public()
    for size in (10, 1_000, 100_000, 1_000_000):
        plain = made.manifest.line() + bytes(size)
        made.path.write_bytes(pyrage.encrypt(plain, [public]))
        with pytest.raises(ProgramError, match="pg_restore failed: input file"):
            worked.check(made.path)
    assert scratch_is_gone()

"""systemd accepts the units in systemd/, and they start what compose starts."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from localrun import parts
from tests.web_server import ROOT

UNITS = ROOT / "systemd"
ANALYZE = shutil.which("systemd-analyze")


def command_of(unit: str) -> str:
    text = (UNITS / f"sleutelloket-{unit}.service").read_text()
    start_line = re.search(
        r"^ExecStart=/opt/sleutelloket/\.venv/bin/(.+)$", text, re.MULTILINE
    )
    assert start_line is not None
    # In a unit, %% stands for one %.
    return start_line[1].replace("%%", "%")


def test_each_process_is_started_by_the_same_command_as_everywhere() -> None:
    schedule = (".local/schedule", "/var/lib/sleutelloket/schedule")
    assert {
        unit: command_of(unit)
        for unit in ("web", "worker", "beat", "deliver", "migrate")
    } == {
        "web": parts.WEB,
        "worker": parts.WORKER,
        "beat": parts.BEAT.replace(*schedule),
        "deliver": parts.DELIVER,
        "migrate": parts.MIGRATE,
    }


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed here")
def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    """The program is replaced by one that exists: operators install the real one."""
    for unit in UNITS.iterdir():
        text = unit.read_text()
        text = text.replace("/opt/sleutelloket/.venv/bin/python", "/usr/bin/env python")
        (tmp_path / unit.name).write_text(text)
    asked = subprocess.run(
        [str(ANALYZE), "verify", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.stderr == ""
    assert asked.returncode == 0


def test_no_process_may_write_where_it_need_not_or_become_another() -> None:
    for unit in UNITS.glob("*.service"):
        text = unit.read_text()
        assert "User=sleutelloket" in text, unit.name
        assert "ProtectSystem=strict" in text, unit.name
        assert "NoNewPrivileges=true" in text, unit.name
        assert "CapabilityBoundingSet=\n" in text, unit.name


def dependencies(unit: str, kind: str) -> set[str]:
    text = (UNITS / f"sleutelloket-{unit}.service").read_text()
    lines = re.findall(rf"^{kind}=(.+)$", text, re.MULTILINE)
    return {name for line in lines for name in line.split()}


def test_the_web_server_is_handed_its_socket() -> None:
    socket = (UNITS / "sleutelloket-web.socket").read_text()
    assert "ListenStream=127.0.0.1:8000" in socket
    assert dependencies("web", "Requires") == {"sleutelloket-web.socket"}


def test_both_proxies_ask_where_the_socket_listens() -> None:
    socket = (UNITS / "sleutelloket-web.socket").read_text()
    [address] = re.findall(r"^ListenStream=(.+)$", socket, re.MULTILINE)
    assert f"server {address} " in (ROOT / "proxy" / "site.conf").read_text()
    assert f"{{$WEB:{address}}}" in (ROOT / "proxy" / "Caddyfile").read_text()
    # And operators read that BIND has no effect here, and what to write instead.
    assert "ListenStream=\nListenStream=" in by_hand()
    settings = (ROOT / "docs" / "settings.md").read_text()
    [row] = re.findall(r"^\| `BIND` .+$", settings, re.MULTILINE)
    assert address in row
    assert "#without-containers" in row


def test_an_upgrade_begins_with_a_backup_and_takes_a_tag() -> None:
    text = (ROOT / "docs" / "releasing.md").read_text()
    steps = text.partition("### Upgrading without containers")[2]
    order = [
        steps.index(word)
        for word in (
            "changelog",
            "start sleutelloket-backup",
            "systemctl stop",
            "git checkout v",
            "restart sleutelloket-migrate",
            "systemctl start sleutelloket-web",
        )
    ]
    assert order == sorted(order)
    assert "git pull" not in by_hand()


@pytest.mark.parametrize("unit", ["web", "worker", "beat", "deliver"])
def test_a_failed_or_repeated_migration_stops_no_process(unit: str) -> None:
    """They only wait for it. With Requires= its failure or restart would stop them."""
    migrate = "sleutelloket-migrate.service"
    assert migrate in dependencies(unit, "After")
    assert migrate in dependencies(unit, "Wants")
    for kind in ("Requires", "Requisite", "BindsTo", "PartOf"):
        assert migrate not in dependencies(unit, kind)


@pytest.mark.parametrize("unit", ["migrate", "backup"])
def test_who_begins_at_the_database_waits_for_it_at_boot(unit: str) -> None:
    """After= only sets the order, so a database on another machine is no obstacle."""
    assert "postgresql.service" in dependencies(unit, "After")
    assert "postgresql.service" not in dependencies(unit, "Requires")


def by_hand() -> str:
    """The part of docs/servers.md about a server without containers."""
    text = (ROOT / "docs" / "servers.md").read_text()
    return text.partition("## Without containers")[2].partition("\n## ")[0]


def test_the_roles_are_made_before_anything_is_started() -> None:
    """Only `create_roles` makes the database that `migrate` connects to."""
    section = by_hand()
    assert "manage.py create_roles\n" in section
    assert section.index("manage.py create_roles") < section.index(
        "systemctl enable --now"
    )


def test_a_command_by_hand_is_run_as_the_units_run_theirs() -> None:
    """Only root may read the file of settings, but root should not run the program."""
    lines = re.findall(r"^systemd-run .+$", by_hand(), re.MULTILINE)
    assert lines
    unit = (UNITS / "sleutelloket-web.service").read_text()
    for name in ("User", "WorkingDirectory", "EnvironmentFile"):
        [given] = re.findall(rf"^{name}=.+$", unit, re.MULTILINE)
        assert all(f"-p {given} " in line for line in lines), given

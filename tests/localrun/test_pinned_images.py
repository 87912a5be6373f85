"""Images are pinned by digest, and the next version can still be checked out."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
    "services"
]
DOCKER = """#!/bin/sh
for name; do :; done
printf 'sha256:%064d\\n' "${#name}"
"""


def pinned(tmp_path: Path, docker: str) -> subprocess.CompletedProcess[str]:
    """Run .ci/pin-images on copies of the files, with this script as `docker`."""
    for name in ("Dockerfile", "docker-compose.yml", ".ci/pin-images"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        if not (tmp_path / name).exists():
            shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "docker").write_text(docker)
    (tmp_path / "docker").chmod(0o755)
    return subprocess.run(
        [str(tmp_path / ".ci" / "pin-images")],
        env={"PATH": f"{tmp_path}:{os.defpath}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_images_are_pinned_by_their_digests_and_pinned_again(tmp_path: Path) -> None:
    for _ in range(2):
        done = pinned(tmp_path, DOCKER)
        assert done.returncode == 0, done.stderr
        text = (tmp_path / "docker-compose.pins.yml").read_text()
        pins = yaml.safe_load(text)["services"]
        assert pins.keys() == SERVICES.keys()
        for name, service in SERVICES.items():
            if "build" in service:
                image = pins[name]["build"]["args"]["PYTHON_IMAGE"]
                assert re.fullmatch(r"python:\S+@sha256:\d{64}", image)
            else:
                image = service["image"]
                assert pins[name] == {"image": f"{image}@sha256:{len(image):064d}"}


def test_it_says_while_compose_does_not_read_the_pins(tmp_path: Path) -> None:
    assert "does not read it yet" in pinned(tmp_path, DOCKER).stderr
    files = "docker-compose.yml:docker-compose.pins.yml"
    (tmp_path / ".env").write_text(f"SITE_URL=a\nCOMPOSE_FILE={files}\n")
    assert pinned(tmp_path, DOCKER).stderr == ""


def test_the_next_version_can_be_checked_out_after_images_were_pinned(
    tmp_path: Path,
) -> None:
    def git(*words: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@b.example")
        done = subprocess.run(
            ["git", *who, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    shutil.copy(ROOT / ".gitignore", tmp_path)
    pinned(tmp_path, DOCKER)
    for path in tmp_path.glob("docker-compose.pins*"):
        path.unlink()
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "one")
    git("tag", "v1.0.0")
    for name in ("Dockerfile", "docker-compose.yml"):
        with (tmp_path / name).open("a") as file:
            file.write("# another version\n")
    git("commit", "--quiet", "--all", "--message", "two")
    pinned(tmp_path, DOCKER)
    assert git("status", "--porcelain") == ""
    git("checkout", "--quiet", "v1.0.0")
    pinned(tmp_path, DOCKER)
    git("checkout", "--quiet", "-")


def test_what_is_no_digest_pins_nothing(tmp_path: Path) -> None:
    assert pinned(tmp_path, DOCKER).returncode == 0
    pins = tmp_path / "docker-compose.pins.yml"
    before = pins.read_text()
    of_others = "#!/bin/sh\nfor name; do :; done\n"
    of_others += "case $name in python*) printf 'sha256:%064d' 1;; *) echo no;; esac\n"
    for docker in ("#!/bin/sh\necho not found\n", of_others):
        done = pinned(tmp_path, docker)
        assert done.returncode == 1
        assert "No digest for" in done.stderr
        assert pins.read_text() == before
        assert not list(tmp_path.glob("*.new"))


def test_a_version_is_taken_before_its_database_is_dropped() -> None:
    text = (ROOT / "docs" / "releasing.md").read_text()
    (block,) = [part for part in text.split("```") if "dropdb --username" in part]
    order = [block.index(w) for w in ("git checkout", "build", "stop", "dropdb", "up ")]
    assert order == sorted(order)

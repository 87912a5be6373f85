"""The files of the repository, without what is generated or installed."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
OURS = ("counter", "payments", "activation", "notifications")


def files(*endings: str) -> Iterator[Path]:
    """Yield the files with one of these endings, also those not yet committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in sorted(set(filter(None, listed.split("\0")))):
        if name.endswith(endings or ("",)) and (ROOT / name).is_file():
            yield ROOT / name

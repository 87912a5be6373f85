"""What browsers load, under the names that a server gives it."""

import re
import shutil
from pathlib import Path

from tests.test_settings import ROOT, environment_of_production, run

# Names the scripts of a folder as production does when it collects them.
NAME_BY_CONTENT = """
import sys
from pathlib import Path

import django
from django.core.files.storage import storages

django.setup()
storage = type(storages["staticfiles"])(location=sys.argv[1])
root = Path(sys.argv[1])
paths = [str(path.relative_to(root)) for path in root.rglob("*.js")]
collected = {path: (storage, path) for path in paths}
for _original, _named, done in storage.post_process(collected):
    if isinstance(done, Exception):
        raise done
"""
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.[^"']+)["']""")
BY_CONTENT = re.compile(r".*\.[0-9a-f]{12}\.js")


def test_a_module_imports_the_others_by_the_names_they_have_on_a_server(
    tmp_path: Path,
) -> None:
    """A browser keeps a file for ever: an old name would be yesterday's module."""
    shutil.copytree(ROOT / "static" / "js", tmp_path / "js")
    ended = run(["-c", NAME_BY_CONTENT, str(tmp_path)], environment_of_production())
    assert ended.returncode == 0, ended.stderr

    [desk] = [
        path
        for path in tmp_path.glob("js/desk/desk.*.js")
        if BY_CONTENT.fullmatch(path.name)
    ]
    imported = IMPORT.findall(desk.read_text())
    assert len(imported) == len(IMPORT.findall((desk.parent / "desk.js").read_text()))
    for name in imported:
        assert BY_CONTENT.fullmatch(name), name
        assert (desk.parent / name).is_file(), name

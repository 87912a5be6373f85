"""What browsers load, under the names that a server gives it."""

import re
import shutil
from pathlib import Path

import pytest

from tests.production import ROOT, environment_of_production, run

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
LINK = re.compile(r"<link rel=.stylesheet.[^>]*?css/(.+?)\.css[^>]*>")
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


@pytest.mark.parametrize(
    ("template", "folder", "before"),
    [
        ("components/applicant_styles.html", "applicant", ["identity"]),
        ("components/plain_styles.html", "applicant", ["identity"]),
        ("layouts/_desk_styles.html", "desk", ["bootstrap.min", "identity"]),
    ],
)
def test_a_page_loads_each_part_of_its_look_in_one_order(
    template: str, folder: str, before: list[str]
) -> None:
    """By links: an @import would be asked for only when its sheet has come."""
    links = list(LINK.finditer((ROOT / "templates" / template).read_text()))
    names = [link[1].removeprefix("bootstrap/css/") for link in links]
    assert names[: len(before)] == before
    parts = [name.removeprefix(f"{folder}/") for name in names[len(before) :]]
    css = ROOT / "static" / "css" / folder
    assert sorted(parts) == sorted(path.stem for path in css.glob("*.css"))
    assert parts[-1] == "print"
    assert 'media="print"' in links[-1][0]


def test_error_pages_look_as_the_applicants_pages() -> None:
    pages = ("applicant_styles", "plain_styles")
    sheets = [
        LINK.findall((ROOT / "templates" / "components" / f"{page}.html").read_text())
        for page in pages
    ]
    assert sheets[0] == sheets[1]


def test_no_style_sheet_brings_in_another() -> None:
    for path in (ROOT / "static" / "css").rglob("*.css"):
        assert "@import" not in path.read_text(), path.name

"""Each row of a table is on one line, and has as many cells as the table's head."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"`[^`]*`|\\\|")
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_row_has_the_cells_of_its_head(path: Path) -> None:
    cells = 0
    for line in FENCED.sub("", path.read_text()).splitlines():
        bare = CODE.sub("", line).strip()
        if not bare.startswith("|"):
            assert not bare.endswith("|"), line
            cells = 0
            continue
        cells = cells or bare.count("|")
        assert bare.count("|") == cells, line

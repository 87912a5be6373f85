"""Each page for the public is opened by a walk in this folder."""

import re
from pathlib import Path

from tests.browser.pages.looking import PAGES

HERE = Path(__file__).parent
LOOKS = re.compile(r'look\(\s*f?"([\w/{}]+\.html)"')


def test_every_page_is_looked_at() -> None:
    """A walk names the page; `Visitor.look` asserts that this page was drawn."""
    walks = [walk.read_text() for walk in HERE.glob("test_*.py")]
    named = {name for text in walks for name in LOOKS.findall(text)}
    rooms = {page.rpartition("/")[0] for page in PAGES}
    assert rooms
    whole = "\n".join(walks)

    def is_looked_at(page: str) -> bool:
        short = page.removeprefix("activation/")
        room, _, file = short.rpartition("/")
        in_a_row = f"{room}/{{name}}.html" if room else "{what}.html"
        return short in named or (
            in_a_row in named and f'"{file.removesuffix(".html")}"' in whole
        )

    assert [page for page in sorted(PAGES) if not is_looked_at(page)] == []

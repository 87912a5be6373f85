"""Checks of a page in the ways in which people look at it and move through it."""

from playwright.sync_api import Page, expect

from tests.browser.chromium import assert_axe_finds_nothing

OUTSIDE = """
() => [...document.querySelectorAll("body *")]
  .filter((node) => !node.matches(".skip-link, .visually-hidden"))
  .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
  .filter(([_, box]) => box.width && (box.left < -1 || box.right > innerWidth + 1))
  .map(([html]) => html)
"""
OVERFLOWS = "document.documentElement.scrollWidth > innerWidth"
# For somebody who asked for less motion nothing moves: also colours change at once.
MOVES = "document.getAnimations().length > 0"
# Telephone numbers, in a link or in a sentence, that are broken over two lines.
BROKEN_NUMBERS = r"""
() => {
  const broken = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const number = /0\d{1,3}([ \u00a0]\d\d){3,4}/g
    for (const match of texts.currentNode.data.matchAll(number)) {
      const range = document.createRange()
      range.setStart(texts.currentNode, match.index)
      range.setEnd(texts.currentNode, match.index + match[0].length)
      if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1)
        broken.push(match[0])
    }
  }
  return broken
}
"""


def look_in_every_way(page: Page) -> None:
    """Look at the page narrow, from right to left, zoomed, dark and without motion."""
    page.wait_for_load_state()
    name = page.url.partition("/en/")[2]
    assert not page.evaluate(MOVES), name
    page.set_viewport_size({"width": 320, "height": 700})
    assert not page.evaluate(OVERFLOWS), f"{name} at 320 px"
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate(OUTSIDE) == [], f"{name} from right to left"
    page.evaluate("document.documentElement.dir = 'ltr'")
    # 200 %: the letters twice as large, on the 640 that are left of 1280 pixels.
    page.set_viewport_size({"width": 640, "height": 700})
    look_at_large_letters(page)
    # And on a small phone whose owner has set the letters twice as large.
    page.set_viewport_size({"width": 320, "height": 700})
    look_at_large_letters(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert not page.evaluate(MOVES), f"{name} dark"
    assert_axe_finds_nothing(page, f"{name} dark")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def look_at_large_letters(page: Page) -> None:
    name = f"{page.url} at 200 % of {page.viewport_size}"
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not page.evaluate(MOVES), name
    assert not page.evaluate(OVERFLOWS), (name, page.evaluate(OUTSIDE))
    broken = page.evaluate(BROKEN_NUMBERS)
    assert broken == [], (name, broken)
    page.evaluate("document.documentElement.style.fontSize = ''")


def reach(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    expect(page.locator(selector).first).to_be_attached()  # the page may still load
    page.wait_for_load_state()
    for _turn in range(40):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not get to {selector}")

"""From stranger to shelf and out again by the keyboard alone, also with text at 200 %: nothing is clicked, all is in reach."""

import pytest
from playwright.sync_api import expect

from e2e import measure
from e2e.conftest import PHONE, WIDE
from e2e.people import PASSWORD, an_address

NAME = """
() => {
  const one = document.activeElement;
  const label = one.labels?.[0]?.textContent || one.getAttribute("aria-label") || one.textContent || "";
  return label.replace(/\\s+/g, " ").trim();
}
"""
# Whether what has the focus can be seen: some of it is in the window, and no bar lies over its middle.
SEEN = """
() => {
  const box = document.activeElement.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const bar = top?.closest(".desk-nav, .picker-foot, .offline-bar");
  return box.bottom > 0 && box.top < innerHeight && (!bar || bar.contains(document.activeElement));
}
"""


LARGER = """
{{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("html {{ font-size: {size}; }}");
  document.adoptedStyleSheets.push(sheet);
}}
"""


class Keyboard:
    """Somebody who has nothing but keys."""

    def __init__(self, person):
        self.person = person
        self.page = person.page

    def tabs_to(self, words, most=80):
        """Press Tab until what has the focus begins with these words; everything on the way can be seen."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(SEEN), f"{self.page.evaluate(NAME)!r} has the focus and cannot be seen"
            if self.page.evaluate(NAME).startswith(words):
                return self
        raise AssertionError(f"{most} times Tab did not reach {words!r}")

    def goes_back_to(self, words, most=80):
        """Press Shift and Tab until the name of what has the focus has these words in it."""
        for _ in range(most):
            self.page.keyboard.press("Shift+Tab")
            if words in self.page.evaluate(NAME):
                return self
        raise AssertionError(f"{most} times Shift and Tab did not reach {words!r}")

    def presses(self, key):
        self.page.keyboard.press(key)
        return self

    def types(self, text):
        self.page.keyboard.type(text)
        return self

    def ticks(self, count):
        """Go on by Tab and Space until so many boxes are ticked."""
        ticked = 0
        while ticked < count:
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.matches('input[type=checkbox]')"):
                self.page.keyboard.press("Space")
                ticked += 1
        return self


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("text", ["100%", "200%"])
def test_a_stranger_gets_a_shelf_and_leaves_by_keys_alone(reader, size, text):
    reader.page.set_viewport_size(size)
    # As the browser's own setting for text does it: before the page is laid out, and for every page.
    reader.page.add_init_script(LARGER.format(size=text))
    keys = Keyboard(reader.opens())
    reader.marks_the_page()
    keys.presses("Tab").presses("Enter").types(an_address())
    keys.tabs_to("Create a password").types(PASSWORD).presses("Enter")
    reader.sees_the_dashboard()
    expect(reader.page.locator("#greeting")).to_be_focused()
    reader.sees_what_services_gave()
    assert reader.never_left_the_page
    assert measure.sideways(reader.page) == []

    keys.tabs_to("Pick three books you love").presses("Enter").ticks(3).tabs_to("Show my shelf").presses("Enter")
    heading = reader.page.get_by_role("heading", name="Recommended for you")
    expect(reader.page.locator("#frag-recommendations .shelf")).to_be_visible()
    expect(heading).to_be_focused()
    assert measure.sideways(reader.page) == []

    keys.goes_back_to("profile and sign out").presses("Enter").tabs_to("Sign out").presses("Enter")
    reader.sees_the_landing_page()

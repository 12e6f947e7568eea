"""Runs axe-core in an open page: WCAG 2.2 A and AA and its best practices, target sizes included."""

from functools import cache

from e2e.server import BASE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that a change between light and dark can break.
COLOURS = ["color-contrast", "link-in-text-block"]
# What axe cannot decide by itself: rule and reason as axe says them, where it may be so, and why that is all right.
UNDECIDED = [
    # The stroke under the words of the h1 is a gradient; core/tests/test_contrast.py computes ink on accent and on paper.
    ("color-contrast", "bgGradient", ".marker"),
    # Cards that are scrolled out of their row's edge wear the colours of those that are in it.
    ("color-contrast", "elmPartiallyObscured", ".shelf-scroll, .slides"),
    ("color-contrast", "bgOverlap", ".slides"),
    ("color-contrast", "elmPartiallyObscuring", ".slides"),
    # A title that is cut after two lines keeps the rest hidden; axe takes the hidden lines for something over the author's name.
    ("color-contrast", "bgOverlap", ".book"),
    ("color-contrast", "elmPartiallyObscuring", ".book"),
    # What lies under an open menu is read when the menu is closed.
    ("color-contrast", "bgOverlap", "body:has(#profile-menu:popover-open) .desk-page"),
]

RUN = """
async ([part, options, allowed]) => {
  const found = await axe.run(part || document, options);
  const told = (rules) => rules.flatMap((rule) => rule.nodes.map((node) => {
    const checks = [...node.any, ...node.all, ...node.none];
    const why = checks.map((check) => check.data?.messageKey || "").filter(Boolean).join(" ");
    return { rule: rule.id, why, at: node.target.join(" "), words: node.failureSummary || "" };
  }));
  const known = (one) => allowed.some(([rule, why, where]) =>
    rule === one.rule && why === one.why && document.querySelector(one.at)?.closest(where));
  const undecided = told(found.incomplete).filter((one) => !known(one));
  undecided.forEach((one) => (one.words = `undecided: ${one.words}`));
  const sentence = (one) => `${one.rule} (${one.why}) at ${one.at}: ${one.words}`.replace(/\\s+/g, " ");
  return [...told(found.violations), ...undecided].map(sentence);
}
"""


@cache
def source():
    return (BASE / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def findings(page, part="", colours_only=False):
    """What axe holds against the page as it stands, or one part of it: sentences, none when all is well."""
    # Evaluated, not added as a script: the page's own policy would rightly refuse that.
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{source()};0")
    options = {"resultTypes": ["violations", "incomplete"]}
    if colours_only:
        options["runOnly"] = {"type": "rule", "values": COLOURS}
    else:
        options["runOnly"] = {"type": "tag", "values": TAGS}
        options["rules"] = {"target-size": {"enabled": True}}
    return page.evaluate(RUN, [part, options, UNDECIDED])

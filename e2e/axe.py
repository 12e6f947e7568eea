"""Runs axe-core in an open page: WCAG 2.2 A and AA and its best practices, target sizes included.

core/gallery/axe.json holds the rules and what axe leaves open although it is all right, each with its reason; the gallery shows
the same in place.
"""

import json
from functools import cache

from e2e.server import BASE

RULES = json.loads((BASE / "core/gallery/axe.json").read_text(encoding="utf-8"))
# All that a change between light and dark can break.
COLOURS = ["color-contrast", "link-in-text-block"]
# All that a change of direction can break beside colours: what is laid out otherwise may be cramped or out of reach.
LAYOUT = ["target-size", "scrollable-region-focusable"]
# A mail is no page of the site: its program gives it landmarks, a heading and a way past what stands above.
MAIL_TAGS = [tag for tag in RULES["tags"] if tag != "best-practice"]

RUN = """
async ([part, options, allowed]) => {
  const found = await axe.run(part && document.querySelector(part) ? part : document, options);
  const told = (rules) => rules.flatMap((rule) => rule.nodes.map((node) => {
    const checks = [...node.any, ...node.all, ...node.none];
    const why = checks.map((check) => check.data?.messageKey || "").filter(Boolean).join(" ");
    return { rule: rule.id, why, at: node.target.join(" "), words: node.failureSummary || "" };
  }));
  const known = (one) => allowed.some(({rule, why, where}) =>
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


def findings(page, part="", rules=None, mail=False):
    """What axe holds against the page as it stands, or one part of it: sentences, none when all is well.

    `rules` are COLOURS or LAYOUT, for a page that was looked at with all rules before.
    """
    if not page.evaluate("'axe' in window"):
        # The gallery serves it, and the browser keeps it compiled; elsewhere a page's own policy would rightly refuse a script.
        if "/_gallery/play/" in page.url and not mail:
            page.add_script_tag(url="/_gallery/axe.js")
        else:
            page.evaluate(f"{source()};0")
    # Nothing that a page of ours loads later can change what axe says, so it need not load anything first.
    options = {"resultTypes": ["violations", "incomplete"], "preload": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    else:
        options["runOnly"] = {"type": "tag", "values": MAIL_TAGS if mail else RULES["tags"]}
        options["rules"] = {"target-size": {"enabled": True}, "bypass": {"enabled": not mail}}
    return page.evaluate(RUN, [part, options, RULES["undecided"]])

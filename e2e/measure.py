"""What a ruler says about an open page. Each function gives what is wrong as a list, empty when nothing is."""

from pathlib import Path

# What the browser lays out late is laid out now, as if it had been scrolled to, and running changes of colour come to
# their end.
AT_REST = """
async () => {
  const late = [...document.querySelectorAll(".below")].filter((one) => one.style.contentVisibility !== "visible");
  for (const one of late) one.style.contentVisibility = "visible";
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  // Whatever is measured is laid out for it; only what was left out so far needs a frame to come in.
  if (late.length) await frame().then(frame);
  for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
}
"""

SIDEWAYS = """
() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1);
  return [`${page.scrollWidth} in ${page.clientWidth}`, ...wide.slice(0, 8).map((one) => `${one.localName}.${one.className}`)];
}
"""

# Text that reaches out of a box that hides what reaches out of it. Where words are cut on purpose an ellipsis says so.
CLIPPED = """
() => {
  const hides = (value) => value === "hidden" || value === "clip";
  const scrolls = (value) => value === "auto" || value === "scroll";
  const found = new Set();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode;
    if (!text.data.trim() || !text.parentElement.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1);
    let across = true, down = true;
    for (let box = text.parentElement; box && box !== document.body && (across || down); box = box.parentElement) {
      const style = getComputedStyle(box);
      const outer = box.getBoundingClientRect();
      if (outer.width <= 1 || outer.height <= 1 || style.clipPath !== "none") break;
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") break;
      if (scrolls(style.overflowX)) across = false;
      if (scrolls(style.overflowY)) down = false;
      for (const rect of rects) {
        const out = (across && hides(style.overflowX) && (rect.right > outer.right + 2 || rect.left < outer.left - 2))
          || (down && hides(style.overflowY) && (rect.bottom > outer.bottom + 4 || rect.top < outer.top - 4));
        if (out) found.add(`${text.data.trim().slice(0, 40)} in ${box.localName}.${box.className}`);
      }
      if (style.position === "fixed") break;
    }
  }
  return [...found];
}
"""

# How high the page is where something is fixed or sticks to an edge and could cover the rest; else 0.
UNCOVERED = """
() => [...document.querySelectorAll("body *")].some((one) => /fixed|sticky/.test(getComputedStyle(one).position))
  ? document.scrollingElement.scrollHeight : 0
"""

# All that rules about names, roles and structure can see: the markup, and which of it is shown.
SHOWN = """
() => document.body.outerHTML
  + [...document.querySelectorAll("body *")].map((one) => (one.checkVisibility({ visibilityProperty: true }) ? 1 : 0)).join("")
"""

# Where everything is, and in which colours: a name and a line for each element. Pictures carry no words, and they may stir;
# so may what turns or pulses as long as something is awaited.
LOOK = """
() => {
  const endless = (one) => one.effect.getComputedTiming().endTime === Infinity;
  const restless = new Set(document.getAnimations().filter(endless).map((one) => one.effect.target));
  const all = [...document.querySelectorAll("body, body *")];
  const name = (one) => `${one.localName}${one.id ? `#${one.id}` : ""} "${one.textContent.trim().slice(0, 30)}"`;
  const places = [], colours = [];
  for (const one of all.filter((one) => !one.closest("svg") && !restless.has(one) && one.checkVisibility())) {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const along = one.parentElement.closest(".slides")?.scrollLeft || 0;
    const place = [box.x + along, box.y, box.width, box.height].map(Math.round);
    places.push([name(one), `at ${place} ${style.zIndex} ${style.fontSize} ${style.fontWeight}`]);
    const { color, backgroundColor, backgroundImage, opacity, textShadow } = style;
    colours.push([name(one), `in ${[color, backgroundColor, backgroundImage, opacity, textShadow].join(" ")}`]);
  }
  return { places, colours };
}
"""

# Where lines are not the same in both, as sentences. A name may change: some texts count seconds.
DIFFERENCES = """
(before, after) => {
  if (before.length !== after.length) return [`${before.length} elements are ${after.length}`];
  const changed = before.map(([name, line], place) => [name, line, after[place][1]]).filter(([, old, now]) => old !== now);
  return changed.slice(0, 4).map(([name, old, now]) => `${name} ${old}, then ${now}`);
}
"""

STRUCTURE = """
() => {
  const wrong = [];
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) wrong.push(`two elements are #${id}`);
  if (document.querySelectorAll("h1").length !== 1) wrong.push(`${document.querySelectorAll("h1").length} h1`);
  if (document.querySelectorAll("main").length !== 1) wrong.push(`${document.querySelectorAll("main").length} main`);
  let before = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const level = Number(heading.localName[1]);
    if (level > before + 1) wrong.push(`h${level} "${heading.textContent.trim()}" after h${before}`);
    before = level;
  }
  const { lang, dir } = document.documentElement;
  if (!lang) wrong.push("no lang");
  if (dir !== "ltr" && dir !== "rtl") wrong.push("no dir");
  if (!document.title.trim()) wrong.push("no title");
  if (/user-scalable|maximum-scale/.test(document.querySelector("meta[name=viewport]").content)) wrong.push("zoom is blocked");
  for (const one of document.querySelectorAll("[tabindex]")) if (one.tabIndex > 0) wrong.push(`tabindex ${one.tabIndex}`);
  for (const nav of shown("nav")) if (nav.querySelectorAll("[aria-current]").length > 1) wrong.push("two current links");
  for (const field of document.querySelectorAll("[aria-describedby], [aria-labelledby], [aria-controls]"))
    for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"])
      for (const id of (field.getAttribute(name) || "").split(" ").filter(Boolean))
        if (!document.getElementById(id)) wrong.push(`${name} names #${id}, which is not there`);
  return wrong;
}
"""

FADED = """
() => {
  const found = new Set();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode;
    if (!text.data.trim() || !text.parentElement.checkVisibility()) continue;
    for (let one = text.parentElement; one; one = one.parentElement)
      if (Number(getComputedStyle(one).opacity) < 1) found.add(text.data.trim().slice(0, 40));
  }
  return [...found];
}
"""

MOVING = """
() => document.getAnimations().filter((one) => one.playState === "running" && !(one instanceof CSSTransition))
  .map((one) => `${one.animationName || "animation"} of ${one.effect.target?.className || one.effect.target?.localName}`)
"""

# Buttons and fields; links inside text and lists of links are told by other means.
BORDERLESS = """
() => [...document.querySelectorAll("button, input:not([type=hidden]), .btn")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 1)
  .filter((one) => {
    const style = getComputedStyle(one);
    const edge = ["Top", "Right", "Bottom", "Left"].every((side) =>
      parseFloat(style[`border${side}Width`]) >= 1 && style[`border${side}Style`] !== "none"
      && style[`border${side}Color`] !== style.backgroundColor && !/^rgba.*, 0\\)$/.test(style[`border${side}Color`]));
    return !edge && !["checkbox", "radio"].includes(one.type);
  })
  .map((one) => `${one.localName}.${one.className} ${one.textContent.trim().slice(0, 30)}`)
"""

# WCAG 1.4.12: what a reader may set must not cut anything off.
SPACED = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}
"""
UNSPACED = "() => { document.adoptedStyleSheets = []; }"
TEXT_SIZE = "(size) => { document.documentElement.style.fontSize = size; }"


def script(name):
    return Path(__file__).with_name(f"measure_{name}.js").read_text(encoding="utf-8")


# The whole set of rulers for pages that are measured often: `ruler.told(order)` does at once what one look is about.
RULER = (
    "window.ruler = { looks: {}, "
    + ", ".join(
        f"{name}: {source}"
        for name, source in {
            "atRest": AT_REST,
            "sideways": SIDEWAYS,
            "clipped": CLIPPED,
            "uncovered": UNCOVERED,
            "shown": SHOWN,
            "look": LOOK,
            "differences": DIFFERENCES,
            "structure": STRUCTURE,
            "faded": FADED,
            "moving": MOVING,
            "borderless": BORDERLESS,
            "focus": script("focus"),
            "small": script("small"),
            "spaced": SPACED,
            "unspaced": UNSPACED,
        }.items()
    )
    + """ };
ruler.told = async ({ names, limit, dir, size, spaced, keep, moved, recoloured }) => {
  const root = document.documentElement;
  if (dir) root.dir = dir;
  if (size) root.style.fontSize = size;
  if (spaced) ruler.spaced();
  await ruler.atRest();
  const found = {};
  for (const name of names) found[name] = ruler[name](limit);
  if (keep) {
    const look = (ruler.looks[keep] = ruler.look());
    if (moved) found.moved = ruler.differences(ruler.looks[moved].places, look.places);
    if (recoloured) found.recoloured = ruler.differences(ruler.looks[recoloured].colours, look.colours);
  }
  if (size) root.style.fontSize = "";
  if (spaced) ruler.unspaced();
  return found;
};
"""
)


def told(page, *names, limit=80, **order):
    """{name: what that ruler says}, of a page at rest in a context that has RULER as an initial script; one errand for all.

    `dir` turns the page first; `size` (of text) and `spaced` hold for this errand. `keep` remembers under a name where everything
    is and in which colours; `moved` and `recoloured` tell what is not as in the look of that name.
    """
    return page.evaluate("(order) => ruler.told(order)", {"names": names, "limit": limit, **order})


def at_rest(page):
    """Wait until the page stands still as it is looked at now."""
    page.evaluate(AT_REST)


def sideways(page):
    """How much wider the page is than its window, and what sticks out."""
    return page.evaluate(SIDEWAYS)


def clipped(page):
    """Text that is cut off."""
    return page.evaluate(CLIPPED)


def structure(page):
    """Headings, landmarks, ids and references that are not as they should be."""
    return page.evaluate(STRUCTURE)


def faded(page):
    """Text that is not fully there."""
    return page.evaluate(FADED)


def moving(page):
    """Animations that run."""
    return page.evaluate(MOVING)


def borderless(page):
    """Buttons and fields without an edge."""
    return page.evaluate(BORDERLESS)


def focus(page, limit=80):
    """Things one can tab to whose ring is missing, weak, cut or covered."""
    return page.evaluate(script("focus"), limit)


def small(page):
    """Controls that are smaller than 44 px either way."""
    return page.evaluate(script("small"))

// Whatever one can tab to, focused one after the other as the keyboard does it: a ring that is seen, whole, and not covered.
// The ring of a check box over a cover, or of a card's link, is drawn around the cover beside or inside it.
(limit) => {
  const wrong = [];

  // Colours as the screen mixes them, whatever notation they are written in.
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const over = (under, colour) => {
    for (const one of [`rgb(${under})`, colour]) {
      brush.fillStyle = one;
      brush.fillRect(0, 0, 1, 1);
    }
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const shade = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const ratio = (one, other) => {
    const [low, high] = [shade(one), shade(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.unshift(getComputedStyle(one).backgroundColor);
    return layers.reduce(over, [255, 255, 255]);
  };

  const name = (one) => `${one.localName}${one.id ? `#${one.id}` : `.${one.className}`} "${one.textContent.trim().slice(0, 30)}"`;
  const has = (style) => parseFloat(style.outlineWidth) >= 3 && style.outlineStyle === "solid";
  const ringed = (one) =>
    [one, one.nextElementSibling, ...one.querySelectorAll("*")].find((other) => other && has(getComputedStyle(other)));
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1;
  const reached = [...document.querySelectorAll(kinds)].filter((one) => one.tabIndex >= 0 && shown(one));
  const before = document.activeElement;

  for (const one of reached.slice(0, limit)) {
    one.focus({ focusVisible: true });
    if (document.activeElement !== one) continue;
    one.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    const drawn = ringed(one);
    if (!drawn) {
      wrong.push(`no ring of 3 px on ${name(one)}`);
      continue;
    }
    const style = getComputedStyle(drawn);
    const offset = parseFloat(style.outlineOffset);
    const behind = ground(offset < 0 ? drawn : drawn.parentElement);
    const seen = ratio(over(behind, style.outlineColor), behind);
    if (seen < 3) wrong.push(`the ring of ${name(one)} has ${seen.toFixed(2)} to what it stands on`);

    const box = drawn.getBoundingClientRect();
    const reach = Math.max(0, offset + parseFloat(style.outlineWidth)) - 1;
    for (let outer = drawn.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
      const clips = getComputedStyle(outer);
      const edge = outer.getBoundingClientRect();
      if (clips.clipPath !== "none" || edge.width <= 1) break;
      const across = /hidden|clip/.test(clips.overflowX) && (box.left - reach < edge.left - 1 || box.right + reach > edge.right + 1);
      const down = /hidden|clip/.test(clips.overflowY) && (box.top - reach < edge.top - 1 || box.bottom + reach > edge.bottom + 1);
      if (across || down) wrong.push(`the ring of ${name(one)} is cut by ${outer.localName}.${outer.className}`);
    }

    const own = one.getBoundingClientRect();
    const middle = document.elementFromPoint(own.left + own.width / 2, Math.min(own.top + own.height / 2, innerHeight - 1));
    const bar = middle?.closest(".desk-nav, .desk-side, .picker-foot, .offline-bar");
    if (bar && !bar.contains(one) && /fixed|sticky/.test(getComputedStyle(bar).position)) wrong.push(`${name(one)} is covered by ${name(bar)}`);
  }

  if (before?.isConnected && before !== document.body) before.focus();
  else document.activeElement?.blur?.();
  scrollTo(0, 0);
  return wrong;
}

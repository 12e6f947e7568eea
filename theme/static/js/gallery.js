// The frame's tools of the gallery: the size of the frame, what axe says of the page in it, keys for the next and previous state.
// Everything else works without this file.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);

  // The frame's size in pixels, as it is pulled at its corner.
  const frame = $("#stage");
  const size = $("[data-size]");
  if (frame && size) {
    new ResizeObserver(() => (size.textContent = `${frame.clientWidth} × ${frame.clientHeight}`)).observe(frame);
  }

  // [data-fit]: a frame as high as the page in it.
  for (const one of document.querySelectorAll("[data-fit]")) {
    one.addEventListener("load", () => {
      const page = one.contentDocument?.documentElement;
      if (page) one.height = Math.min(2400, page.querySelector("main")?.scrollHeight + 8 || page.scrollHeight);
      if (one.height) one.classList.add("g-fitted");
    });
  }

  // n and p go to the next and the previous state, where nobody is typing.
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
    const link = { n: "[data-next]", p: "[data-previous]" }[event.key];
    if (link) $(link)?.click();
    if (event.key === "/") {
      event.preventDefault();
      $("#q")?.focus();
    }
  });

  // What axe finds, in place.
  const place = $("[data-axe]");
  const rules = $("[data-axe-rules]");

  async function check() {
    const page = frame.contentWindow;
    if (!page.axe) {
      await new Promise((done, failed) => {
        const script = page.document.createElement("script");
        script.src = place.dataset.axe;
        script.onload = done;
        script.onerror = failed;
        page.document.head.append(script);
      });
    }
    const { tags, undecided } = JSON.parse(rules.textContent);
    const found = await page.axe.run(page.document, {
      resultTypes: ["violations", "incomplete"],
      runOnly: { type: "tag", values: tags },
      rules: { "target-size": { enabled: true } },
    });
    const nodes = (list, kind) =>
      list.flatMap((rule) =>
        rule.nodes.map((node) => {
          const why = [...node.any, ...node.all, ...node.none].map((one) => one.data?.messageKey || "").filter(Boolean).join(" ");
          const at = node.target.join(" ");
          const known =
            kind === "undecided" &&
            undecided.find(
              (one) => one.rule === rule.id && one.why === why && page.document.querySelector(at)?.closest(one.where),
            );
          return { kind, rule: rule.id, help: rule.help, at, known };
        }),
      );
    return [...nodes(found.violations, "violation"), ...nodes(found.incomplete, "undecided")];
  }

  function show(found) {
    const wrong = found.filter((one) => !one.known);
    const words = document.createElement("p");
    words.className = wrong.length ? "" : "g-axe-good";
    words.textContent = wrong.length
      ? `${wrong.length} finding${wrong.length === 1 ? "" : "s"} at this width and in this scheme:`
      : "axe finds nothing at this width and in this scheme.";
    const list = document.createElement("ul");
    list.className = "g-axe";
    for (const one of [...wrong, ...found.filter((other) => other.known)]) {
      const item = document.createElement("li");
      if (one.known) item.dataset.known = "";
      item.textContent = one.known
        ? `Left open by axe, and all right: ${one.known.reason} (${one.at})`
        : `${one.rule}, ${one.kind}: ${one.help}. At ${one.at}`;
      list.append(item);
    }
    place.replaceChildren(words, list);
  }

  if (frame && place && rules) {
    const run = () =>
      check().then(show, () => ($("[data-axe-words]", place).textContent = "The page in the frame could not be checked."));
    const ready = () => frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL !== "about:blank";
    if (ready()) run();
    else frame.addEventListener("load", run, { once: true });
  }
})();

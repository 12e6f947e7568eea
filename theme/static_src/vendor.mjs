// Copies the two htmx files that the pages load into theme/static, without their source-map lines: the maps are not served.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../../node_modules/htmx.org/dist");
const target = join(here, "../static/vendor/htmx");
mkdirSync(target, { recursive: true });
for (const [from, to] of [["htmx.min.js", "htmx.min.js"], ["ext/hx-head.min.js", "hx-head.min.js"]]) {
  const text = readFileSync(join(dist, from), "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  writeFileSync(join(target, to), text);
}

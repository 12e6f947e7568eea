// Keeps the stylesheet current while a designer works: the site's theme at once, the others when that is done. After a change of a
// theme it looks at every pair of colours again and names those that cannot be read. Ends when whoever started it does.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { watch } from "node:fs";
import { dirname, join } from "node:path";
import { built } from "./build.mjs";
import { report } from "./contrast.mjs";
import { DIST, HERE, THEMES, names } from "./themes.mjs";

const require = createRequire(import.meta.url);
const CLI = join(dirname(require.resolve("@tailwindcss/cli/package.json")), "dist/index.mjs");

// --watch=always: plain --watch ends at once when nobody types.
const tailwind = spawn(process.execPath, [CLI, "-i", "./src/styles.css", "-o", join(DIST, "styles.css"), "--watch=always"], {
  cwd: HERE,
  stdio: "ignore",
});
const end = () => {
  tailwind.kill();
  process.exit(0);
};
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, end);
tailwind.on("exit", (code) => process.exit(code ?? 0));

// A moment without changes, and then once: an editor saves a file in several steps.
function settled(call, milliseconds) {
  let waiting;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(call, milliseconds);
  };
}

const colours = settled(() => report(), 150);
const others = settled(async () => {
  for (const name of names()) await built(name).catch(() => {});
}, 2500);

watch(THEMES, colours);
watch(join(HERE, "src"), (_, file) => file === "styles.css" && colours());
// The stylesheet that was just written says that classes or tokens changed.
watch(DIST, (_, file) => file === "styles.css" && others());
report();

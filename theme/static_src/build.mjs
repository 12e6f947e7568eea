// Builds everything that pages load: htmx from its package, the stylesheet in the site's theme, one stylesheet for each theme, which
// the gallery links, and tokens.json. Names every pair of colours that cannot be read, and goes on.
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { report } from "./contrast.mjs";
import { DIST, HERE, names, wearing, worn } from "./themes.mjs";

const require = createRequire(import.meta.url);
const CLI = join(dirname(require.resolve("@tailwindcss/cli/package.json")), "dist/index.mjs");

// Build dist/<name>.css. The source goes in by standard input, so that one line of it may differ.
export function built(name) {
  return new Promise((done, failed) => {
    const run = spawn(process.execPath, [CLI, "-i", "-", "-o", join(DIST, `${name}.css`), "--minify"], {
      cwd: join(HERE, "src"),
      stdio: ["pipe", "ignore", "pipe"],
    });
    let said = "";
    run.stderr.on("data", (part) => (said += part));
    run.on("error", failed);
    run.on("close", (code) => (code ? failed(new Error(said)) : done()));
    run.stdin.end(wearing(name));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await import("./vendor.mjs");
  mkdirSync(DIST, { recursive: true });
  report();
  try {
    await Promise.all(names().map(built));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  copyFileSync(join(DIST, `${worn()}.css`), join(DIST, "styles.css"));
}

// Sorts the classes of every template in Tailwind's own order and tidies the white space between them.
//   npm run format            changes the files
//   npm run format -- --check   names the files that would change, and ends with 1
//   node format.mjs --folder DIR   works in another folder
// Only what stands still is touched: words between Django's tags inside class="…" are sorted among themselves, the tags stay where
// they are, and nothing outside class attributes changes.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { createSorter } from "prettier-plugin-tailwindcss/sorter";
import { HERE } from "./themes.mjs";

const BASE = join(HERE, "../..");
const FOLDERS = ["templates", "landing/templates", "dashboard/templates", "theme/templates"];
const CLASSES = /(<[a-zA-Z][^<>]*?\sclass=")((?:[^"{]|{%[^%]*%}|{{[^}]*}}|{(?![{%]))*)(")/g;
const TAG = /({%.*?%}|{{.*?}}|{#.*?#})/;
const COMMENT = /({%\s*comment\b[^%]*%}[\s\S]*?{%\s*endcomment\s*%})/;

// The text of a template with its classes in order. A word that a value is glued to, as in btn-{{ tone }}, stays where it is.
export function formatted(text, sorter) {
  return text
    .split(COMMENT)
    .map((part, place) => (place % 2 ? part : part.replace(CLASSES, (_, before, value, after) => before + ordered(value, sorter) + after)))
    .join("");
}

const OPENS = /^{%\s*(?:if|for|with|ifchanged|filter|spaceless|autoescape)\b/;
const TURNS = /^{%\s*(?:else|elif|empty)\b/;
const CLOSES = /^{%\s*end/;
const kind = (tag) => (OPENS.test(tag) ? "opens" : TURNS.test(tag) ? "turns" : CLOSES.test(tag) ? "closes" : "value");

// Every text that may follow the tag at `place` on a page, as far as it can be told; null when it is a value's.
function following(parts, place) {
  if (place >= parts.length) return [""];
  const what = kind(parts[place]);
  if (what === "value") return [null];
  if (what === "opens") {
    const branches = [place + 1];
    let depth = 0;
    for (let at = place + 2; at < parts.length; at += 2) {
      const other = kind(parts[at]);
      if (other === "opens") depth += 1;
      else if (other === "closes" && depth-- === 0) return [...branches, at + 1].flatMap((begin) => textAt(parts, begin));
      else if (other === "turns" && depth === 0) branches.push(at + 1);
    }
    return [null];
  }
  let depth = 0;
  for (let at = what === "closes" ? place : place + 2; at < parts.length; at += 2) {
    const other = kind(parts[at]);
    if (at !== place && other === "opens") depth += 1;
    else if (other === "closes" && depth-- === 0) return textAt(parts, at + 1);
  }
  return [null];
}

const textAt = (parts, place) => (parts[place] || place >= parts.length - 1 ? [parts[place] ?? ""] : following(parts, place + 1));
const mirrored = (parts) => parts.map((part, place) => (place % 2 ? swapped(part) : [...part].reverse().join(""))).reverse();
// Read from the end, what closes opens and what opens closes.
const swapped = (tag) => ({ opens: "{% endif %}", closes: "{% if %}", turns: "{% else %}", value: "{{ }}" })[kind(tag)];
const glued = (parts, place) => following(parts, place).some((text) => text === null || /^\S/.test(text));

function ordered(value, sorter) {
  const parts = value.split(TAG);
  const backwards = mirrored(parts);
  return parts
    .map((text, place) => {
      if (place % 2) return text;
      const words = text.split(/\s+/).filter(Boolean);
      const first = place === 0;
      const last = place === parts.length - 1;
      if (!words.length) return first || last || !text ? "" : " ";
      const head = !first && !/^\s/.test(text) && glued(backwards, parts.length - place) ? [words.shift()] : [];
      const tail = !last && !/\s$/.test(text) && words.length && glued(parts, place + 1) ? [words.pop()] : [];
      const middle = words.length ? sorter.sortClassLists([words])[0] : [];
      const space = (is, edge) => (!is && edge.test(text) ? " " : "");
      return space(first, /^\s/) + [...head, ...middle, ...tail].join(" ") + space(last, /\s$/);
    })
    .join("");
}

export const sorter = () => createSorter({ base: HERE, stylesheetPath: join(HERE, "src/styles.css"), preserveDuplicates: true });

function* templates(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* templates(path);
    else if (entry.name.endsWith(".html")) yield path;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes("--check");
  const place = process.argv.indexOf("--folder");
  const folders = place > 0 ? [process.argv[place + 1]] : FOLDERS.map((folder) => join(BASE, folder));
  const order = await sorter();
  let changed = 0;
  for (const path of folders.flatMap((folder) => [...templates(folder)])) {
    const before = readFileSync(path, "utf8");
    const after = formatted(before, order);
    if (after === before) continue;
    changed += 1;
    console.log(`${check ? "Not in order" : "Put in order"}: ${relative(BASE, path)}`);
    if (!check) writeFileSync(path, after);
  }
  if (check && changed) {
    console.log("Run: npm run format");
    process.exit(1);
  }
}

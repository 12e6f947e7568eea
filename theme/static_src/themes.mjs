// Reads the theme files: names, colours of both schemes worked out from the hues, palettes of covers, and which one the site wears.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Color from "colorjs.io";

export const HERE = dirname(fileURLToPath(import.meta.url));
export const DIST = join(HERE, "../static/css/dist");
export const THEMES = join(HERE, "src/themes");
const STYLES = join(HERE, "src/styles.css");
const WORN = /@import "\.\/themes\/([\w-]+)\.css";/;

// A theme file that cannot be read; the message says where and what to write.
export class BadTheme extends Error {}

// The name of the theme that styles.css imports.
export function worn() {
  const found = WORN.exec(readFileSync(STYLES, "utf8"));
  if (!found) throw new BadTheme('src/styles.css names no theme. Write @import "./themes/press.css"; after tokens.css.');
  return found[1];
}

// The source of the stylesheet, wearing another theme.
export const wearing = (name) => readFileSync(STYLES, "utf8").replace(WORN, `@import "./themes/${name}.css";`);

export function names(folder = THEMES) {
  return readdirSync(folder).filter((file) => file.endsWith(".css")).map((file) => file.replace(".css", "")).sort();
}

// { name, title, file, light, dark, covers }: colours as Color objects by token.
export function theme(name, folder = THEMES) {
  const file = `theme/static_src/src/themes/${name}.css`;
  const text = readFileSync(join(folder, `${name}.css`), "utf8");
  const title = /^\/\*\s*([^:]+):/.exec(text)?.[1].trim() ?? name;
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, "");
  const dark = /@variant dark \{([\s\S]*?)\n  \}/.exec(plain);
  if (!dark) throw new BadTheme(`${file} has no dark scheme. Write it inside :root, in @variant dark { … }.`);
  const written = declarations(plain.replace(dark[0], ""));
  const schemes = { light: written, dark: { ...written, ...declarations(dark[1]) } };
  const found = { name, title, file, covers: {} };
  for (const [scheme, values] of Object.entries(schemes)) {
    found[scheme] = {};
    for (const [token, value] of Object.entries(values)) {
      const colours = value.match(/oklch\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g);
      if (!colours || !value.startsWith("oklch(")) continue;
      const made = colours.map((colour) => parsed(colour, values, `${file}, --${token}`));
      if (!token.startsWith("cover-")) found[scheme][token] = made[0];
      else if (made.length !== 3) throw new BadTheme(`${file}, --${token}: a cover has a ground, an ink and a spot, three colours.`);
      else if (scheme === "light") found.covers[token.replace("cover-", "")] = made;
    }
  }
  return found;
}

function declarations(block) {
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]));
}

function parsed(colour, values, where) {
  const hue = (expression) =>
    expression
      .replace(/var\(--([\w-]+)\)/g, (_, name) => {
        if (!(name in values)) throw new BadTheme(`${where}: --${name} is not in this file.`);
        return values[name];
      })
      .replace(/calc\(([\d.+\- ]+)\)/g, (_, sum) => String(sum.split(/\s+/).reduce((total, part, place, all) =>
        place === 0 ? Number(part) : place % 2 ? total : total + (all[place - 1] === "-" ? -1 : 1) * Number(part), 0)));
  const written = hue(colour);
  try {
    return new Color(written);
  } catch {
    throw new BadTheme(`${where}: ${colour} is no colour. Write oklch(lightness% chroma hue).`);
  }
}

// As every screen shows it: #rrggbb, with two more digits when it is see-through.
export const hex = (colour) => colour.to("srgb").toGamut({ method: "css" }).toString({ format: "hex", collapse: false });

// Changes when any cover would: it stands in the addresses of covers, which browsers keep for a year.
export function coversVersion(covers) {
  const drawn = JSON.stringify(Object.fromEntries(Object.entries(covers).map(([name, made]) => [name, made.map(hex)])));
  return createHash("sha256").update(drawn).digest("hex").slice(0, 8);
}

// Works out the contrast of every pair of colours that carries text or shape, in every theme and both schemes, names those that are
// too close, and writes what it found to dist/tokens.json for the gallery, the covers and the mails.
//   node contrast.mjs            says what is wrong and goes on: a designer is at work
//   node contrast.mjs --strict   ends with 1 when anything is wrong
//   node contrast.mjs --folder DIR   reads the themes of another folder and writes nothing
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BadTheme, DIST, THEMES, coversVersion, hex, names, theme, worn } from "./themes.mjs";

const PAPERS = ["bg", "surface", "sunken"];
const TONES = ["danger", "success", "warning", "info"];

// What is seen, what it stands on, and the ratio that it needs: WCAG 2.2, 1.4.3 and 1.4.11; running text is held to 7.
const PAIRS = [
  ...PAPERS.map((paper) => ["fg", paper, 7]),
  ...PAPERS.map((paper) => ["fg-muted", paper, 4.5]),
  ...PAPERS.map((paper) => ["link", paper, 4.5]),
  ...PAPERS.map((paper) => ["line-strong", paper, 3]),
  ...PAPERS.map((paper) => ["focus", paper, 3]),
  ...TONES.flatMap((tone) => PAPERS.map((paper) => [tone, paper, 4.5])),
  ...TONES.map((tone) => [tone, `${tone}-soft`, 4.5]),
  ...["accent", ...TONES].map((tone) => ["fg", `${tone}-soft`, 4.5]),
  ...["accent", ...TONES].map((tone) => ["link", `${tone}-soft`, 4.5]),
  ["accent-fg", "accent", 4.5],
  ["accent-fg", "accent-hover", 4.5],
  ["accent-line", "bg", 3],
  ["fg", "marker", 4.5],
  // The announcement strip turns the paper round.
  ["bg", "fg", 7],
];
const COVER_INK = 7;

export function judged(found) {
  const pairs = ["light", "dark"].flatMap((scheme) =>
    PAIRS.map(([seen, ground, need]) => {
      for (const token of [seen, ground])
        if (!found[scheme][token]) throw new BadTheme(`${found.file}: --${token} is missing in the ${scheme} scheme.`);
      return told(scheme, seen, ground, found[scheme][seen], found[scheme][ground], need);
    }),
  );
  for (const [name, [ground, ink]] of Object.entries(found.covers))
    pairs.push(told("light", `cover-${name} ink`, `cover-${name} ground`, ink, ground, COVER_INK));
  const outside = ["light", "dark"].flatMap((scheme) =>
    Object.entries(found[scheme]).filter(([, colour]) => !colour.inGamut("srgb", { epsilon: 0.002 })).map(([token]) => `${scheme}: ${token}`),
  );
  return { pairs, outside };
}

function told(scheme, seen, ground, one, other, need) {
  const shown = (colour) => colour.to("srgb").toGamut({ method: "css" });
  const ratio = shown(one).contrast(shown(other), "WCAG21");
  return { scheme, seen, ground, ratio: Math.round(ratio * 100) / 100, need, passes: ratio >= need };
}

// Sentences about one theme, none when all is well: one for each colour that is to blame, with every pair that it spoils.
export function findings(found, { pairs, outside }) {
  return [
    ...["light", "dark"].flatMap((scheme) => blamed(pairs.filter((pair) => !pair.passes && pair.scheme === scheme)).map(sentence(found, scheme))),
    ...outside.map((one) => {
      const [scheme, token] = one.split(": ");
      const most = chroma(found[scheme][token]);
      return `${found.title}, ${one} is outside what every screen can show (${found.file}). Give it less chroma: ${most.toFixed(3)} at most.`;
    }),
  ];
}

// The pairs by the colour that most of them share: [[token, its pairs], …].
function blamed(pairs) {
  if (!pairs.length) return [];
  const counts = new Map();
  // What is seen comes first: where only one pair fails, it is what one would change.
  for (const { seen } of pairs) counts.set(seen, (counts.get(seen) || 0) + 1);
  for (const { ground } of pairs) counts.set(ground, (counts.get(ground) || 0) + 1);
  const [token] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most));
  const its = (pair) => pair.seen === token || pair.ground === token;
  return [[token, pairs.filter(its)], ...blamed(pairs.filter((pair) => !its(pair)))];
}

function sentence(found, scheme) {
  return ([token, pairs]) => {
    const each = pairs.map(({ seen, ground, ratio, need }) => `${seen} on ${ground} is ${ratio.toFixed(2)}, needs ${need}`);
    return `${found.title}, ${scheme}: ${each.join("; ")} (${found.file}).${advice(found, scheme, token)}`;
  };
}

// How light a colour has to be for all of its pairs, when its hue and chroma stay: the nearest such lightness, if there is one.
function advice(found, scheme, token) {
  const colour = found[scheme][token];
  if (!colour) return "";
  const pairs = PAIRS.filter(([seen, ground]) => seen === token || ground === token);
  const [lightness] = colour.to("oklch").coords;
  const good = (light) => {
    const other = colour.to("oklch");
    other.coords[0] = light;
    const worn = (name) => (name === token ? other : found[scheme][name]);
    return pairs.every(([seen, ground, need]) => told(scheme, seen, ground, worn(seen), worn(ground), need).passes);
  };
  for (let step = 1; step <= 200; step += 1)
    for (const light of [lightness - step / 200, lightness + step / 200])
      if (light >= 0 && light <= 1 && good(light)) {
        const way = light < lightness ? "darker" : "lighter";
        return ` Make --${token} ${way}: a lightness of ${(100 * light).toFixed(1)} % is enough.`;
      }
  return ` No lightness of --${token} is enough: change what it stands on too.`;
}

// The most chroma that every screen can show of this hue at this lightness.
function chroma(colour) {
  let [low, high] = [0, colour.to("oklch").coords[1]];
  const other = colour.to("oklch");
  for (let step = 0; step < 20; step += 1) {
    other.coords[1] = (low + high) / 2;
    if (other.inGamut("srgb", { epsilon: 0.002 })) low = other.coords[1];
    else high = other.coords[1];
  }
  return Math.floor(1000 * low) / 1000;
}

// Read, judge and write everything. The sentences about all themes.
export function check(folder = THEMES) {
  const active = worn();
  const themes = {};
  const said = [];
  for (const name of names(folder)) {
    const found = theme(name, folder);
    const verdict = judged(found);
    said.push(...findings(found, verdict));
    const plain = (colours) => Object.fromEntries(Object.entries(colours).map(([token, colour]) => [token, hex(colour)]));
    themes[name] = {
      title: found.title,
      file: found.file,
      light: plain(found.light),
      dark: plain(found.dark),
      covers: Object.fromEntries(Object.entries(found.covers).map(([cover, made]) => [cover, made.map(hex)])),
      covers_version: coversVersion(found.covers),
      ...verdict,
    };
  }
  if (!themes[active]) throw new BadTheme(`src/styles.css wears ${active}, and src/themes has no ${active}.css.`);
  if (folder === THEMES) {
    mkdirSync(DIST, { recursive: true });
    writeFileSync(join(DIST, "tokens.json"), `${JSON.stringify({ active, themes }, null, 1)}\n`);
    writeFileSync(join(DIST, "icon.svg"), icon(themes[active]));
  }
  return said;
}

// The mark for the browser's tab: it cannot read the page's tokens, so it is drawn with their values.
function icon({ light, dark }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>.i{stroke:${light.fg}}.s{fill:${light.accent}}@media (prefers-color-scheme:dark){.i{stroke:${dark.fg}}.s{fill:${dark.accent}}}</style><path class="s" d="M4 8h12a11 11 0 0 1 0 22H4z"/><path class="i" fill="none" stroke-width="3" stroke-linejoin="round" d="M8 2.5h10a11.5 11.5 0 0 1 0 23H8zM13.5 2.5v23"/></svg>\n`;
}

export function report(folder) {
  try {
    const said = check(folder);
    for (const line of said) console.log(`  Colour: ${line}`);
    return said.length;
  } catch (error) {
    if (!(error instanceof BadTheme)) throw error;
    console.log(`  Colour: ${error.message}`);
    return 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const place = process.argv.indexOf("--folder");
  const wrong = report(place > 0 ? process.argv[place + 1] : undefined);
  if (process.argv.includes("--strict")) process.exit(wrong ? 1 : 0);
}

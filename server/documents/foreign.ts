import { renderProse } from "./prose.ts";

/** What the languages of Observable's notebooks are called, by the names their cells go by. */
const languages: Readonly<Record<string, string>> = {
  html: "HTML",
  tex: "TeX",
  sql: "SQL",
  dot: "Graphviz",
  node: "Node.js",
  python: "Python",
  r: "R",
  ojs: "Observable JavaScript",
};

/**
 * HTML of a cell in a language that Simile keeps and does not run: a word that says so, and the source. TeX
 * in which nothing is to be evaluated is mathematics.
 *
 * @param mode Observable's name of the language, or the type of a script that nobody knows
 */
export function renderForeign(mode: string, source: string): string {
  if (mode === "tex" && !/\$|^\s*$/m.test(source)) return renderProse(`$$\n${source}\n$$`);
  const longest = Math.max(2, ...Array.from(source.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const language = Object.hasOwn(languages, mode)
    ? languages[mode]!
    : mode.replace(/[^\w/.+-]/g, "");
  const word = `*${language}: Simile keeps this cell and does not run it.*`;
  return renderProse(`${word}\n\n${fence}\n${source}\n${fence}`);
}

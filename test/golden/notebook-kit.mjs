/*
 * Makes notebook-kit.json: a notebook as Observable's own writer writes it, and as its own reader reads that.
 * In a folder of its own: npm install @observablehq/notebook-kit@2.1.8 linkedom@0.18.12, then
 * node notebook-kit.mjs > notebook-kit.json
 */
import { deserialize, serialize, toNotebook } from "@observablehq/notebook-kit";
import { DOMParser, parseHTML } from "linkedom";

const { document } = parseHTML("<!doctype html>");
const cells = [
  {
    id: 1,
    mode: "md",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the cell's
    value: "# Points & lines\n\nText with <b>HTML</b>, ${n} and `code`.",
    pinned: false,
  },
  {
    id: 2,
    mode: "js",
    value: "const n = view(Inputs.range([0, 10]));\n\nconst text = `a\n  b</script>\n`;",
    pinned: true,
  },
  { id: 5, mode: "ts", value: "const m: number = n * 2;", hidden: true },
  { id: 3, mode: "sql", value: "SELECT *\n  FROM points", database: "var:db", output: "rows" },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the cell's
  { id: 4, mode: "html", value: "<p>${n} <\\/script> &amp; <!-- a word --></p>" },
  { id: 6, mode: "tex", value: "\\frac{a}{b}" },
  { id: 7, mode: "dot", value: "digraph { a -> b }" },
  { id: 8, mode: "node", value: 'process.stdout.write("1")', output: "one", format: "json" },
  { id: 9, mode: "python", value: "print(1)", format: "text" },
  { id: 10, mode: "r", value: "cat(1)" },
  { id: 11, mode: "ojs", value: "viewof x = 1" },
  { id: 12, mode: "js", value: "" },
];
const theme = { light: "air", dark: "near-midnight" };
const notebook = toNotebook({ title: "Points & <lines>", theme, readOnly: true, cells });
const html = serialize(notebook, { document });
const read = deserialize(html, { parser: new DOMParser() });
process.stdout.write(`${JSON.stringify({ html, read }, null, 1)}\n`);

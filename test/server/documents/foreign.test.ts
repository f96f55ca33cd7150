// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells hold templates
import { describe, expect, test } from "vitest";
import { readDocument } from "../../../server/documents/document.ts";
import { renderForeign } from "../../../server/documents/foreign.ts";

describe("a cell in a language that Simile does not run", () => {
  test("is shown as its source, with a word that says so", () => {
    const html = renderForeign("sql", "SELECT '<b>' -- ``` and $x$\n\n# no heading");
    expect(html).toContain("<em>SQL: Simile keeps this cell and does not run it.</em>");
    expect(html).toContain("SELECT '&lt;b&gt;' -- ``` and $x$\n\n# no heading");
    expect(html).not.toMatch(/<b>|<h1|katex/);
  });

  test("a type that nobody knows is named, and names nothing else", () => {
    expect(renderForeign("application/x-later", "a")).toContain(
      "application/x-later: Simile keeps",
    );
    expect(renderForeign("<img src=x onerror=alert(1)>*", "a")).not.toMatch(/<img|alert\(/);
    expect(renderForeign("constructor", "a")).toContain("constructor: Simile keeps");
  });

  test("TeX is mathematics, unless something in it is to be evaluated", () => {
    expect(renderForeign("tex", "\\frac{a}{b}")).toContain("katex");
    expect(renderForeign("tex", "\\frac{${a}}{b}")).toContain("TeX: Simile keeps this cell");
    expect(renderForeign("tex", "a\n\nb")).toContain("TeX: Simile keeps this cell");
  });

  test("in a notebook nothing of it is evaluated or rendered as the page's own", async () => {
    const script = (type: string, source: string): string =>
      `<script type="${type}">${source}</script>`;
    const text = [
      "<notebook>",
      script("text/html", "<img src=x onerror=alert(1)>"),
      script("text/markdown", "**bold** <i>"),
      script("text/x-typescript", "const n: number = 1;"),
    ].join("\n");
    const before = await readDocument({ path: "a.html", text });
    const [html, prose, code] = [...before.cells.values()];
    expect(html!.html).toContain("HTML: Simile keeps this cell");
    expect(html!.html).not.toContain("<img");
    expect(prose!.html).toContain("<strong>bold</strong> &lt;i&gt;");
    expect(code).toMatchObject({ kind: "browser", outputs: ["n"] });
    const after = await readDocument(
      { path: "a.html", text: text.replace('type="text/html"', 'id="x" type="text/markdown"') },
      before,
    );
    expect([...after.cells.values()][0]!.html).toContain("&lt;img");
  });
});

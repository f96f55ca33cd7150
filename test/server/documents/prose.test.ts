import { describe, expect, test } from "vitest";
import { renderProse } from "../../../server/documents/prose.ts";

describe("Markdown", () => {
  test.for<[string, string]>([
    ["*a* and `b`", "<p><em>a</em> and <code>b</code></p>\n"],
    ['"quoted" -- and ...', "<p>“quoted” – and …</p>\n"],
    ["in ../data, a --- b", "<p>in ../data, a — b</p>\n"],
    ["(a), (b) and (c), (r)", "<p>(a), (b) and (c), (r)</p>\n"],
    ["--no-open and .../x +- 1", "<p>--no-open and .../x +- 1</p>\n"],
    [
      "https://a.org/b--c...d",
      '<p><a href="https://a.org/b--c...d" target="_blank" rel="noopener noreferrer">https://a.org/b--c...d</a></p>\n',
    ],
    ["see notes.md and a@b.org", "<p>see notes.md and a@b.org</p>\n"],
    ["[x](//a.org)", '<p><a href="//a.org" target="_blank" rel="noopener noreferrer">x</a></p>\n'],
    [
      "[x](web+cal:a)",
      '<p><a href="web+cal:a" target="_blank" rel="noopener noreferrer">x</a></p>\n',
    ],
    ["[x](a/b:c)", '<p><a href="a/b:c">x</a></p>\n'],
    ["[x](#part)", '<p><a href="#part">x</a></p>\n'],
    ["[next](symmetry.md#part)", '<p><a href="symmetry.md#part">next</a></p>\n'],
    [
      "https://arxiv.org/abs/2605.15183",
      '<p><a href="https://arxiv.org/abs/2605.15183" target="_blank" rel="noopener noreferrer">https://arxiv.org/abs/2605.15183</a></p>\n',
    ],
  ])("%j", ([source, html]) => {
    expect(renderProse(source)).toBe(html);
  });

  test("a table is one", () => {
    expect(renderProse("| a |\n|---|\n| 1 |")).toMatch(/<table>.*<td>1<\/td>/s);
  });

  test("code of a fence that is no cell is highlighted, other languages are text", () => {
    expect(renderProse("```ts\nconst a = 1;\n```")).toContain(
      '<span class="tok-keyword">const</span>',
    );
    expect(renderProse("```py\nimport <os>\n```")).toContain("import &lt;os&gt;");
  });
});

describe("mathematics", () => {
  const count = (html: string) => html.match(/class="katex"/g)?.length ?? 0;

  test.for<[string, number]>([
    ["$a + b$", 1],
    ["is $x$, $y$ and $z$.", 3],
    ["$$T = \\sum_h D_{oh}$$", 1],
    ["$$\nT = 1\n$$", 1],
    ["text\n\n$$\na\n\nb\n$$\n\ntext", 1],
    ["- item\n\n  $$x$$", 1],
    ["> $$\n> x\n> $$", 1],
    ["inline $$x$$ and $$y$$ in a line", 2],
    ["| $a$ |\n|---|\n| $b$ |", 2],
    ["($a$)", 1],
    ["$a$-th, $\\$5$", 2],
    ["it costs $5 and $6", 0],
    ["$ a $", 0],
    ["\\$a$", 0],
    ["`$a$`", 0],
    ["```\n$a$\n```", 0],
    ["$$", 0],
    ["$$\nnever closed", 0],
    ["a$", 0],
    ["$20,000 and USD$30", 0],
    ["$a\\$b$", 1],
    ["$a\\\\$b$", 1],
    ["$x$5 $", 0],
    ["    $$x$$", 0],
    ["- $$\n  x\n\n  y\n  $$", 1],
    ["$$x$$ and $$y$$", 2],
  ])("%j holds %i formulas", ([source, formulas]) => {
    expect(count(renderProse(source))).toBe(formulas);
  });

  test("underscores and stars of a formula are its own", () => {
    expect(renderProse("$a_1 * b_1 * c$ and *d*")).not.toMatch(/<em>.*katex/);
    expect(renderProse("$a_1 * b_1 * c$ and *d*")).toContain("<em>d</em>");
  });

  test("a formula alone is shown in its own line, one in a line is not", () => {
    expect(renderProse("$$x$$")).toContain("katex-display");
    expect(renderProse("a $$x$$ b")).toContain("katex-display");
    expect(renderProse("$x$")).not.toContain("katex-display");
  });

  test("what is no LaTeX is shown as it is, with the reason", () => {
    const html = renderProse("$\\frac{<b>$ and more");
    expect(html).toMatch(
      /<code class="math-error" title="[^"]+">\\frac\{&#60;b&#62;<\/code> and more/,
    );
    expect(html).not.toContain("<b>");
  });

  test("macros that expand for ever end", () => {
    expect(renderProse("$\\def\\a{\\a\\a}\\a$")).toContain("math-error");
  });
});

describe("what could run, load or leave does not", () => {
  test.for([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>@import 'http://evil.example'</style>",
    "<form id=page action=http://evil.example><input name=x></form>",
    "<a href='javascript:alert(1)'>x</a>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](y)',
    '[x](y "\\" onmouseover=alert(1)")',
    "<javascript:alert(1)>",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\url{javascript:alert(1)}$",
    "$\\includegraphics{http://evil.example/x.png}$",
    "$\\htmlClass{a}{x}\\htmlId{page}{x}\\htmlStyle{color:red}{x}\\htmlData{a=b}{x}$",
    '$\\text{"><img src=x onerror=alert(1)>}$',
    "```<img src=x onerror=alert(1)>\nx\n```",
    '```ts" onmouseover="alert(1)\nx\n```',
  ])("%j", (source) => {
    const tags = renderProse(source).match(/<[^>]*>/g) ?? [];
    for (const tag of tags) {
      expect(tag).not.toMatch(
        /^<(script|iframe|form|input|style|object|embed|base|meta|link|animate)/i,
      );
      // Attribute values are quoted and escaped by the renderers: outside of them nothing may be named on….
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\son\w+=/i);
      expect(tag).not.toMatch(/(href|src|action)="\s*(javascript|vbscript|file|data:text)/i);
      expect(tag).not.toMatch(/\bid="/);
    }
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { highlight } from "../../src/workbook/index.ts";

const plain = (html: string): string =>
  html
    .replace(/<\/?span[^>]*>/g, "")
    .replace(
      /&(lt|gt|quot|amp);/g,
      (_, name: string) => ({ lt: "<", gt: ">", quot: '"', amp: "&" })[name]!,
    );

test("keywords, strings, numbers, comments and types are told apart", () => {
  const html = highlight('const n: number = f("<a>") + 1; // "x"');
  expect(html).toContain('<span class="tok-keyword">const</span>');
  expect(html).toContain('<span class="tok-typeName">number</span>');
  expect(html).toContain('<span class="tok-string">&quot;&lt;a&gt;&quot;</span>');
  expect(html).toContain('<span class="tok-number">1</span>');
  expect(html).toContain('<span class="tok-comment">// &quot;x&quot;</span>');
});

test("no span goes over the end of a line", () => {
  for (const line of highlight("/* a\nb */ `c\nd\n`").split("\n")) {
    expect(line.split("<span").length).toBe(line.split("</span>").length);
  }
});

test("any text keeps its characters, and none of them is HTML", () => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom("<script>", "&amp;", "`${", "\r\n", "\n", '"', "'", "/*", "const x"),
      fc.string(),
    ),
  );
  fc.assert(
    fc.property(text, (parts) => {
      const source = parts.join("");
      const html = highlight(source);
      expect(plain(html)).toBe(source);
      expect(html.replace(/<\/?span(?: class="[\w -]+")?>/g, "")).not.toMatch(/[<>"]/);
    }),
    { numRuns: 300 },
  );
});

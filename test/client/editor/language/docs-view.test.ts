// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { docsView } from "../../../../src/client/editor/language/docs-view.ts";

const html = (docs: string) => docsView("", docs).innerHTML;

test("paragraphs, emphasis, code and lists of a docstring are shown as such", () => {
  expect(html("Adds **two** *numbers* as `a + b`.\n\nMore.")).toBe(
    "<p>Adds <strong>two</strong> <em>numbers</em> as <code>a + b</code>.</p><p>More.</p>",
  );
  expect(html("- one\n- two\n  goes on\n\nafter")).toBe(
    "<ul><li>one</li><li>two\ngoes on</li></ul><p>after</p>",
  );
  expect(html("*@param* a_b_c of snake_case")).toBe("<p><em>@param</em> a_b_c of snake_case</p>");
});

test("code in what is strong and in the words of a link is code", () => {
  expect(html("The **`Map`** of [`open(2)`](https://a.org/open)")).toBe(
    '<p>The <strong><code>Map</code></strong> of <a href="https://a.org/open" target="_blank" ' +
      'rel="noopener noreferrer"><code>open(2)</code></a></p>',
  );
});

test("code in fences is highlighted, also when a fence is not closed", () => {
  const view = docsView("", "```ts\nconst a = 1;\n```\n");
  expect(view.querySelector("pre")?.textContent).toBe("const a = 1;");
  expect(docsView("", "```\nopen <b>").querySelector("pre")?.textContent).toBe("open <b>");
});

test("HTML is text, and links are of the web", () => {
  const view = docsView("a < b", '<img src=x onerror="alert(1)"> [x](javascript:alert(1))');
  expect(view.querySelector("img, a, b")).toBeNull();
  expect(view.textContent).toContain('<img src=x onerror="alert(1)"> [x](javascript:alert(1))');
  const link = docsView("", "see [the paper](https://arxiv.org/abs/2605.15183).");
  expect(link.querySelector("a")?.href).toBe("https://arxiv.org/abs/2605.15183");
  expect(link.querySelector("a")?.rel).toBe("noopener noreferrer");
});

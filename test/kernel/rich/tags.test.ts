import { expect, test } from "vitest";
import { bundleOf } from "../../../kernel/output/bundle.ts";
import { html, image, json, md, svg, tex } from "../../../kernel/rich/tags.ts";

test("values of a template are escaped, unless they are of its type; a text is taken as it is", () => {
  const items = ["a<b", "c"].map((text) => html`<li>${text}</li>`);
  expect(bundleOf(html`<ul>${items}</ul>`)).toMatchObject({
    "text/html": "<ul><li>a&lt;b</li><li>c</li></ul>",
  });
  expect(bundleOf(html("<b>1</b>"))).toMatchObject({ "text/html": "<b>1</b>" });
  expect(bundleOf(svg`<svg><text>${"<&"}</text></svg>`)).toMatchObject({
    "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"><text>&lt;&amp;</text></svg>',
  });
  expect(bundleOf(md`**${1}** \n`)).toMatchObject({ "text/markdown": "**1** \\n" });
  expect(bundleOf(tex`\frac{1}{${2}}`)).toMatchObject({
    "text/latex": "$$\\frac{1}{2}$$",
    "text/plain": "\\frac{1}{2}",
  });
});

test("JSON is a copy of what JSON can hold", () => {
  const value = { a: [1, { b: null }] };
  expect(bundleOf(json(value))).toMatchObject({ "application/json": value });
  expect(() => json(undefined)).toThrow("Cannot show undefined as JSON");
});

test("pictures are known by their first bytes", () => {
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1, 2]);
  expect(bundleOf(image(png))).toEqual({ "image/png": png, "text/plain": "image/png, 6 bytes" });
  expect(Object.keys(bundleOf(image(Buffer.from("GIF89a"))))).toContain("image/gif");
  expect(Object.keys(bundleOf(image(Uint8Array.from([0xff, 0xd8, 0xff]).buffer)))).toContain(
    "image/jpeg",
  );
  expect(Object.keys(bundleOf(image(Buffer.from("RIFF0123WEBP"))))).toContain("image/webp");
  expect(() => image(Buffer.from("text"))).toThrow(
    "Cannot show an image: expected PNG, JPEG, GIF or WebP, found 4 other bytes",
  );
  expect(() => image(5 as never)).toThrow(
    "Cannot show an image: expected bytes or a path, found number",
  );
});

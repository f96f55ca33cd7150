// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { harmless } from "../../src/client/harmless.ts";

function text(source: string, type: "text/html" | "image/svg+xml" = "text/html"): string {
  const host = document.createElement("div");
  host.append(harmless(source, type));
  return host.innerHTML;
}

test.for([
  ["a script", "<p>a</p><script>alert(1)</script>", "<p>a</p>"],
  ["a handler", '<p onclick="alert(1)" ONLOAD="x">a</p>', "<p>a</p>"],
  ["a frame", '<iframe srcdoc="x"></iframe><object data="x"></object><embed src="x">b', "b"],
  ["a script's address", '<a href="java\tscript:alert(1)">a</a>', "<a>a</a>"],
  ["a page as data", '<img src="data:text/html,x">', "<img>"],
] as const)("%s is taken out", ([, source, left]) => {
  expect(text(source).replace(/ (rel|target)="[^"]*"/g, "")).toBe(left);
});

test("what is harmless stays: pictures inside, links of the web, styles", () => {
  const picture = '<img src="data:image/png;base64,AA==">';
  const styled = '<p style="color: red">a</p>';
  expect(text(picture + styled)).toBe(picture + styled);
  expect(text('<a href="https://example.org/">a</a>')).toContain('href="https://example.org/"');
});

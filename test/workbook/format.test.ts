import { expect, test } from "vitest";
import {
  formatOf,
  parseWorkbook,
  serialiseWorkbook,
  whyNoWorkbook,
} from "../../src/workbook/index.ts";

test.for([
  "<notebook>",
  '\ufeff\n<!doctype html>\n<notebook theme="air">',
  "<!DOCTYPE HTML><!-- <p> -->\n<html lang=en><head><meta charset=utf-8></head><body>\n<NOTEBOOK\n>",
])("a page with a notebook in it is a workbook: %j", (text) => {
  expect(whyNoWorkbook("a.html", text)).toBeUndefined();
});

test.for([
  "",
  "<p><notebook>",
  "<!-- <notebook> -->",
  "<title>A</title><notebook>",
  "<notebooks>",
  "<bodywork><notebook>",
  `${" ".repeat(64 * 1024)}<notebook>`,
])("another page is none: %#", (text) => {
  expect(whyNoWorkbook("a.html", text)).toBe("it is no Observable notebook");
});

test("a page that begins with many comments is judged all the same", () => {
  const comments = "<!-- a -->\n".repeat(1_000);
  expect(whyNoWorkbook("a.html", `${comments}<p>`)).toBe("it is no Observable notebook");
  expect(whyNoWorkbook("a.html", `${comments}<notebook>`)).toBeUndefined();
  const long = `<!--${"-".repeat(60_000)}`;
  expect(whyNoWorkbook("a.html", `${long}--><notebook>`)).toBeUndefined();
  expect(whyNoWorkbook("a.html", long)).toBe("it is no Observable notebook");
});

test("any text is a Markdown workbook", () => {
  expect(whyNoWorkbook("a.md", "<p>")).toBeUndefined();
});

test("a file of another name is none, and is neither read nor written", () => {
  expect(formatOf("a.txt")).toBeUndefined();
  expect(whyNoWorkbook("a.txt", "")).toBe("expected a name that ends in .md or .html");
  expect(() => parseWorkbook("a.txt", "")).toThrow(
    "Cannot read a.txt: expected a name that ends in .md or .html",
  );
  expect(() => serialiseWorkbook("a.txt", parseWorkbook("a.md", ""))).toThrow(
    "Cannot write a.txt: expected a name that ends in .md or .html",
  );
});

import { describe, expect, test } from "vitest";
import { checkLanguageQuestion } from "../../src/protocol/index.ts";

const about = { workbook: "a.md", unsaved: [{ id: "b", kind: "kernel", source: "1" }] };
const at = { ...about, cell: "b", offset: 0 };

describe("questions that may pass", () => {
  test.for([
    { type: "complete", ...at },
    { type: "describe", ...at, label: "x" },
    { type: "describe", ...at, label: "x", module: "simile" },
    { type: "hover", ...at },
    { type: "signature", ...at },
    { type: "define", ...at },
    { type: "diagnose", ...about },
    { type: "diagnose", ...about, cells: ["a"] },
    { type: "rename", ...at },
    { type: "rename", ...at, to: "" },
  ])("%j", (question) => {
    expect(checkLanguageQuestion({ ...question, more: 1 })).toStrictEqual(question);
  });
});

describe("questions that may not", () => {
  test.for<[question: unknown, sentence: string]>([
    [null, "expected an object with a type, found null"],
    [
      { ...about, type: "run" },
      'expected the type complete, describe, hover, signature, diagnose, define or rename, found "run"',
    ],
    [
      { type: "hover" },
      "expected workbook to be a text of 1 to 1024 characters without NUL, found undefined",
    ],
    [{ type: "hover", workbook: "a.md" }, "expected unsaved to be an array, found undefined"],
    [{ ...at, type: "hover", offset: -1 }, "offset"],
    [{ ...at, type: "hover", cell: 1 }, "cell"],
    [
      { ...at, type: "rename", to: 1 },
      "expected to to be a text of at most 1024 characters, found 1",
    ],
    [{ ...about, type: "diagnose", cells: [1] }, "expected cells to be texts, found an array"],
    [{ ...at, type: "hover", unsaved: [1] }, "expected each of unsaved to be an object, found 1"],
    [
      { ...at, type: "hover", unsaved: [{ id: "a", kind: "prose", source: "" }] },
      'expected kind to be browser or kernel, found "prose"',
    ],
    [
      { ...at, type: "hover", unsaved: [{ id: "a", kind: "kernel" }] },
      "expected source to be a text of at most 4194304 characters, found undefined",
    ],
    [
      { ...about, type: "diagnose", cells: Array(10_001).fill("a") },
      "expected at most 10000 cells, found 10001",
    ],
  ])("%j: %s", ([question, sentence]) => {
    expect(() => checkLanguageQuestion(question)).toThrow(sentence);
  });
});

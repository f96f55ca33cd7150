import { describe, expect, test } from "vitest";
import { CommandError, checkPageCommand } from "../../src/protocol/index.ts";

const request = { type: "request", client: "c1", seq: 0, inputs: {}, cells: [] };

describe("commands that may pass", () => {
  test.for([
    { type: "open", workbook: "grokking.md" },
    { type: "run" },
    { type: "stop" },
    { type: "restart" },
    request,
    { ...request, inputs: { n: Float64Array.of(1), größe: undefined, $x_1: null } },
    { ...request, seq: 2 ** 53 - 1, cells: [{ id: "a" }, { id: "b", have: "r1" }] },
  ])("%j", (command) => {
    expect(checkPageCommand(command)).toStrictEqual(command);
  });

  test("what a command does not have is not passed on", () => {
    expect(checkPageCommand({ type: "run", trusted: true })).toStrictEqual({ type: "run" });
    const crowded = { ...request, cells: [{ id: "a", path: "/" }], more: 1 };
    expect(checkPageCommand(crowded)).toStrictEqual({ ...request, cells: [{ id: "a" }] });
  });
});

describe("commands that may not", () => {
  test.for<[command: unknown, sentence: string]>([
    [null, "expected an object with a type, found null"],
    ["run", 'expected an object with a type, found "run"'],
    [[], "expected an object with a type, found an array"],
    [new Map(), "expected an object with a type, found a value of type object"],
    [
      {},
      "expected the type open, request, run, stop, restart, edit, apply, save or resolve, found undefined",
    ],
    [
      { type: "exec" },
      'expected the type open, request, run, stop, restart, edit, apply, save or resolve, found "exec"',
    ],
    [
      { type: "open" },
      "expected workbook to be a text of 1 to 1024 characters without NUL, found undefined",
    ],
    [{ type: "open", workbook: "" }, 'characters without NUL, found ""'],
    [{ type: "open", workbook: "a\0.md" }, "characters without NUL, found"],
    [{ type: "open", workbook: "a".repeat(1025) }, "found a text of 1025 characters"],
    [
      { ...request, client: 7 },
      "expected client to be a text of 1 to 256 characters without NUL, found 7",
    ],
    [{ ...request, seq: -1 }, "expected seq to be a whole number from 0, found -1"],
    [{ ...request, seq: 1.5 }, "found 1.5"],
    [{ ...request, seq: 2 ** 53 }, "expected seq"],
    [{ ...request, inputs: null }, "expected inputs to be an object, found null"],
    [
      { ...request, inputs: { "a b": 1 } },
      'expected names of inputs to be identifiers, found "a b"',
    ],
    [{ ...request, inputs: { ["n".repeat(257)]: 1 } }, "found a text of 257 characters"],
    [
      {
        ...request,
        inputs: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`n${i}`, i])),
      },
      "expected at most 1000 inputs, found 1001",
    ],
    [{ ...request, cells: {} }, "expected cells to be an array, found a value of type object"],
    [
      { ...request, cells: new Array(10_001).fill({ id: "a" }) },
      "expected at most 10000 cells, found 10001",
    ],
    [{ ...request, cells: [null] }, "expected each of cells to be an object, found null"],
    [{ ...request, cells: [{}] }, "expected a cell's id to be a text"],
    [
      { ...request, cells: [{ id: "a", have: true }] },
      "expected a cell's have to be a text of 1 to 256 characters without NUL, found true",
    ],
  ])("%j", ([command, sentence]) => {
    expect(() => checkPageCommand(command)).toThrow(CommandError);
    expect(() => checkPageCommand(command)).toThrow(sentence);
  });
});

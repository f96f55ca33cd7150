import { describe, expect, test } from "vitest";
import { CommandError, checkKernelCommand } from "../../src/protocol/index.ts";

const cell = {
  id: "a",
  version: "1",
  code: "n",
  expression: true,
  inputs: ["n"],
  outputs: [],
  wanted: [],
  run: "live",
};
const cells = { type: "cells", cells: [cell], directory: "/books" };

test("a command passes with exactly its known keys", () => {
  expect(checkKernelCommand({ ...cells, extra: 1 })).toEqual(cells);
  expect(checkKernelCommand({ type: "stop", extra: 1 })).toEqual({ type: "stop" });
  const execute = { type: "execute", id: "In[1]", code: "1" };
  expect(checkKernelCommand({ ...execute, extra: 1 })).toEqual(execute);
  const request = { type: "request", client: "c", seq: 0, inputs: { n: 1 }, cells: [{ id: "a" }] };
  expect(checkKernelCommand({ ...request, extra: 1 })).toEqual(request);
});

test("a question for properties passes", () => {
  const keys = { type: "keys", number: 1, path: ["a", "0"] };
  expect(checkKernelCommand({ ...keys, extra: 1 })).toEqual(keys);
  expect(() => checkKernelCommand({ ...keys, path: [1] })).toThrow("path to be an array of texts");
});

const comm = {
  type: "comm",
  word: "open",
  comm: "c",
  target: "t",
  data: "{}",
  metadata: "{}",
  buffers: [Uint8Array.of(1)],
  seq: 1,
};

test("a word through a comm passes, with a target when it opens one", () => {
  expect(checkKernelCommand({ ...comm, extra: 1 })).toEqual(comm);
  const { target: _, ...message } = { ...comm, word: "message" };
  expect(checkKernelCommand({ ...message, target: "t" })).toEqual(message);
});

describe("anything else is refused with what was expected", () => {
  test.for<[unknown, string]>([
    [null, "expected an object with a type, found null"],
    [
      { type: "open" },
      'expected the type cells, request, execute, answer, comm, keys or stop, found "open"',
    ],
    [{ type: "request" }, "expected seq to be a whole number from 0, found undefined"],
    [{ ...comm, word: "say" }, 'expected word to be open, message or close, found "say"'],
    [{ ...comm, seq: 0.5 }, "expected seq to be a whole number, found 0.5"],
    [{ ...comm, data: {} }, "expected data to be a text, found a value of type object"],
    [{ ...comm, metadata: 1 }, "expected metadata to be a text, found 1"],
    [{ ...comm, buffers: [1] }, "expected buffers to be an array of bytes, found an array"],
    [{ ...comm, target: "" }, "expected target to be a text of 1 to 256 characters"],
    [{ ...comm, comm: 1 }, "expected comm to be a text of 1 to 256 characters"],
    [{ type: "execute", id: "a" }, "expected code to be a text, found undefined"],
    [{ type: "execute", id: "", code: "" }, "expected id to be a text of 1 to 256 characters"],
    [{ ...cells, cells: 1 }, "expected cells to be an array, found 1"],
    [{ ...cells, directory: "" }, "expected directory to be a text of 1 to 8192 characters"],
    [{ ...cells, cells: [1] }, "expected each of cells to be an object, found 1"],
    [{ ...cells, cells: [{ ...cell, id: 1 }] }, "expected a cell's id to be a text"],
    [{ ...cells, cells: [{ ...cell, version: 1 }] }, "expected a cell's version to be a text"],
    [{ ...cells, cells: [{ ...cell, code: 1 }] }, "expected a cell's code to be a text, found 1"],
    [
      { ...cells, cells: [{ ...cell, expression: 1 }] },
      "expected a cell's expression to be true or false, found 1",
    ],
    [
      { ...cells, cells: [{ ...cell, run: "often" }] },
      'expected a cell\'s run to be live, demand or once, found "often"',
    ],
    [
      { ...cells, cells: [{ ...cell, inputs: [1] }] },
      "expected a cell's inputs to be an array of texts, found an array",
    ],
    [{ ...cells, cells: [{ ...cell, outputs: "a" }] }, "expected a cell's outputs to be an array"],
    [{ ...cells, cells: [{ ...cell, wanted: {} }] }, "expected a cell's wanted to be an array"],
  ])("%j", ([command, sentence]) => {
    expect(() => checkKernelCommand(command)).toThrow(CommandError);
    expect(() => checkKernelCommand(command)).toThrow(sentence);
  });
});

import { expect, test } from "vitest";
import { heldValue, shortText } from "../../src/protocol/index.ts";

test.each([
  [1.23456789, "1.23457"],
  [-0.1, "-0.1"],
  [12345678, "12345678"],
  [true, "true"],
  [undefined, "undefined"],
  [null, "null"],
  [7n, "7"],
  ["a", '"a"'],
  ["x".repeat(40), `"${"x".repeat(24)}…"`],
  [[1, 2], "[1, 2]"],
  [[1, 2, 3, 4, 5], "Array [5]"],
  [{ a: 1 }, "Object"],
  [new Float64Array(3), "Float64Array [3]"],
  [{ shape: [2, 3], data: new Float32Array(6) }, "Float32 [2, 3]"],
  [new Map([[1, 2]]), "Map [1]"],
  [() => 1, "function"],
])("%# in short", (value, text) => {
  expect(shortText(value)).toBe(text);
});

test("type, shape and bytes of a value; getters are not called", () => {
  expect(heldValue("x", { shape: [2, 3], data: new Float64Array(6) })).toMatchObject({
    name: "x",
    type: "Float64",
    shape: [2, 3],
  });
  expect(heldValue("x", new Uint8Array(5))).toEqual({
    name: "x",
    type: "Uint8Array",
    shape: [5],
    bytes: 5,
  });
  class Trap {
    get shape(): never {
      throw new Error("called");
    }
  }
  expect(heldValue("x", new Trap())).toMatchObject({ type: "Trap" });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a text that looks like a template
import { expect, test } from "vitest";
import { literalOf } from "../../../server/converting/literal.ts";

const evaluated = (literal: string): unknown => new Function(`return ${literal};`)() as unknown;

test.for([
  [undefined],
  [null],
  [true],
  [0],
  [-0],
  [0.1],
  [1e300],
  [Number.NaN],
  [Number.NEGATIVE_INFINITY],
  [12n],
  ['a\n"`${b}\u2028'],
  [[1, [undefined, "x"], {}]],
  [{ a: 1, "b c": [2], _d: { e: null } }],
  [new Date(5)],
  [new Map<unknown, unknown>([["a", new Set([1])]])],
  [Float32Array.of(1, Number.NaN)],
  [BigInt64Array.of(1n)],
] as [unknown][])("value %# is written as code that gives it", ([value]) => {
  expect(evaluated(literalOf(value)!)).toStrictEqual(value);
});

test("a key that would set the prototype sets a property", () => {
  const value = JSON.parse('{"__proto__": 1}') as object;
  expect(Object.keys(evaluated(literalOf(value)!) as object)).toEqual(["__proto__"]);
});

test.for([
  [() => 1],
  [Symbol("a")],
  [[() => 1]],
  [{ a: new (class A {})() }],
  [new Map([[1, () => 1]])],
] as [unknown][])("what cannot be written down has no literal", ([value]) => {
  expect(literalOf(value)).toBeUndefined();
});

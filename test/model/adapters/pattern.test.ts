import { expect, test } from "vitest";
import { networkFrom, userAdapter } from "../../../src/model/index.ts";
import { numbered } from "../../support/weights.ts";

/** True when a tensor of that name may be left over. */
function ignores(name: string, ...ignore: string[]): boolean {
  const adapter = userAdapter({ name: "a", ignore, layers: [{ kind: "linear", weight: "w" }] });
  try {
    return networkFrom(numbered({ w: [1, 1], [name]: [1] }), adapter).layers.length === 1;
  } catch {
    return false;
  }
}

test.for<[pattern: string, name: string, matches: boolean]>([
  ["b", "b", true],
  ["b", "bb", false],
  ["", "b", false],
  ["*", "anything\nat all", true],
  ["a*", "a", true],
  ["a*", "ba", false],
  ["*a", "ba", true],
  ["*a", "ab", false],
  ["a*a", "a", false],
  ["a*a", "aa", true],
  ["a*b*a", "aba", true],
  ["a*b*a", "aa", false],
  ["*b*b", "xb", false],
  ["*b*b", "xbxb", true],
  ["a**b", "ab", true],
  ["a.b", "axb", false],
  ["(a|b)*", "(a|b)c", true],
])("ignore %j matches %j: %s", ([pattern, name, expected]) => {
  expect(ignores(name, pattern)).toBe(expected);
});

test("a pattern of many * is as quick as any", () => {
  expect(ignores(`${"a".repeat(20_000)}b`, `${"*a".repeat(2000)}*c`)).toBe(false);
});

/** Number of layers that are repeated for a name. */
function repeats(weight: string, ...names: string[]): number {
  const adapter = userAdapter({
    name: "a",
    layers: [{ repeat: [{ kind: "linear", weight, optional: true }] }],
    ignore: ["*"],
  });
  const shapes = Object.fromEntries(names.map((name) => [name, [1, 1]]));
  return networkFrom(numbered(shapes), adapter).layers.length;
}

test("{n} is one index wherever it stands, and a run of digits", () => {
  expect(repeats("l{n}", "l0", "l1", "l2")).toBe(3);
  expect(repeats("l{n}.{n}", "l0.0", "l1.1", "l2.0")).toBe(2);
  expect(repeats("{n}{n}", "00", "11", "12")).toBe(2);
  expect(() => repeats("l{n}", "lx", "l-1")).toThrow("describes no layer");
  expect(repeats("l{n}", "l0", "l12345678901")).toBe(1);
});

test("many {n} in a long number are as quick as any", () => {
  expect(repeats("{n}".repeat(200), "0".repeat(200), `${"1".repeat(5000)}x`)).toBe(1);
});

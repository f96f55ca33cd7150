// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { ReactiveScope } from "../../../src/client/graph/reactive-scope.ts";
import { passes } from "../../support/workbook-graph.ts";

test("what waits below a deleted variable is never given what is not there", async () => {
  const scope = new ReactiveScope({});
  let give = (_value: string) => {};
  const slow = new Promise<string>((resolve) => {
    give = resolve;
  });
  const given: unknown[] = [];
  const first = scope.define("a", [], 1);
  scope.define("b", ["a"], (a: number) => a);
  const other = scope.define("x", [], 1);
  const observer = { fulfilled: () => {} };
  const c = (b: number) => {
    given.push(b);
    return slow;
  };
  scope.define("c", ["b", "x"], c, observer);
  await passes();
  // c is to be computed again, and waits for its last promise before it reads its inputs.
  other.define("x", [], 2);
  await passes();
  scope.change(() => {
    scope.delete([first]);
    scope.define("a", [], 2);
  });
  give("");
  await passes();
  expect(given).toEqual([1, 2]);
});

test("however often names change within a frame, what reads them is computed at most twice", async () => {
  const scope = new ReactiveScope({});
  let computed = 0;
  const a = scope.define("a", [], 0);
  scope.define("b", ["a"], (value: number) => [++computed, value], { fulfilled: () => {} });
  await passes();
  computed = 0;
  for (let n = 1; n <= 50; n++) {
    a.define("a", [], n);
    await new Promise((resolve) => queueMicrotask(() => queueMicrotask(() => resolve(undefined))));
  }
  await passes();
  expect(computed).toBeLessThanOrEqual(2);
  scope.dispose();
});

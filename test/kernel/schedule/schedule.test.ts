import { expect, test } from "vitest";
import { ScriptedStage, sketch } from "../../support/scripted-stage.ts";

const chain = sketch({ a: { reads: ["n"] }, b: { reads: ["a"] }, c: { reads: ["b"] } });

test("a chain runs in order and only the cell asked for is answered", () => {
  const stage = new ScriptedStage(chain);
  const seq = stage.request(["c"], { n: 1 });
  expect(stage.drain()).toEqual(["a", "b", "c"]);
  expect(stage.results()).toMatchObject([{ cell: "c", seq, values: { c: 4 } }]);
});

test("cells of one request run in page order, whatever order they are named in", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: {}, c: {} }));
  stage.request(["c", "a", "b"]);
  expect(stage.drain()).toEqual(["a", "b", "c"]);
});

test("nothing runs unless asked for", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 1 });
  expect(stage.drain()).toEqual(["a"]);
  stage.scheduler.setCells(sketch({ a: { reads: ["n"], version: "2" } }));
  expect(stage.order).toEqual(["a"]);
});

test("a diamond runs its top once, and its bottom after both sides", () => {
  const stage = new ScriptedStage(
    sketch({
      bottom: { reads: ["left", "right"] },
      left: { reads: ["top"] },
      right: { reads: ["top"] },
      top: {},
    }),
  );
  stage.request(["bottom", "left"]);
  expect(stage.drain()).toEqual(["top", "left", "right", "bottom"]);
  expect(stage.results().map(({ cell }) => cell)).toEqual(["left", "bottom"]);
});

test("an input that did not change reruns nothing", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["c"], { n: new Float64Array([1, 2]) });
  stage.drain();
  stage.request(["c"], { n: new Float64Array([1, 2]) });
  expect(stage.drain()).toEqual([]);
  const [first, second] = stage.results();
  expect(second!.result).toBe(first!.result);
  stage.request(["c"], { n: new Float64Array([1, 3]) });
  expect(stage.drain()).toEqual(["a", "b", "c"]);
});

test("only what is below a changed input runs", () => {
  const stage = new ScriptedStage(
    sketch({ slow: {}, fast: { reads: ["n"] }, both: { reads: ["slow", "fast"] } }),
  );
  stage.request(["both"], { n: 1 });
  expect(stage.drain()).toEqual(["slow", "fast", "both"]);
  stage.request(["both"], { n: 2 });
  expect(stage.drain()).toEqual(["fast", "both"]);
  expect(stage.notices.find((n) => n.type === "run" && n.why)).toMatchObject({ why: ["n"] });
});

test("going back to an earlier value answers from memory", () => {
  const stage = new ScriptedStage(chain);
  for (const n of [1, 2, 1, 2]) {
    stage.request(["c"], { n });
    stage.drain();
  }
  expect(stage.order).toEqual(["a", "b", "c", "a", "b", "c"]);
  expect(stage.results().map(({ values }) => values)).toEqual([
    { c: 4 },
    { c: 5 },
    { c: 4 },
    { c: 5 },
  ]);
});

test("a result made from one that was forgotten and made anew is made anew", () => {
  const stage = new ScriptedStage(chain, { perCell: 1, bytes: 1e9 });
  stage.request(["b"], { n: 1 });
  stage.drain();
  for (const n of [2, 1]) {
    stage.request(["a"], { n });
    stage.drain();
  }
  stage.request(["b"], { n: 1 });
  expect(stage.drain()).toEqual(["b"]);
});

test("a result is of use although what it was made from is forgotten", () => {
  const stage = new ScriptedStage(chain, { perCell: 1, bytes: 1e9 });
  stage.request(["b"], { n: 1 });
  stage.drain();
  stage.request(["a"], { n: 2 });
  stage.drain();
  stage.request(["b"], { n: 1 });
  expect(stage.drain()).toEqual([]);
});

test("clients are served in the order in which they asked", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: {}, c: {} }));
  stage.request(["c"], {}, "first");
  stage.request(["b"], {}, "second");
  stage.request(["a"], {}, "third");
  expect(stage.drain()).toEqual(["c", "b", "a"]);
});

test("cells of a cycle are answered, and their readers", () => {
  const stage = new ScriptedStage(
    sketch({ a: { reads: ["b"] }, b: { reads: ["a"] }, c: { reads: ["a"] }, d: {} }),
  );
  stage.request(["a", "c", "d"]);
  expect(stage.drain()).toEqual(["d"]);
  expect(stage.results()).toMatchObject([
    { cell: "a", error: { message: "Circular definition: a → b → a" } },
    { cell: "c", error: { blockedBy: "a" } },
    { cell: "d", values: { d: 1 } },
  ]);
});

test("a missing value and an unknown cell are named", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["b", "nobody"], {});
  expect(stage.results().map(({ error }) => error?.message)).toEqual([
    'Cannot run cell "b": expected a value for "n", found none',
    'Cannot run cell "nobody": there is no such cell',
  ]);
});

test("a builtin is no value of the page, unless the page gives it", () => {
  const stage = new ScriptedStage(sketch({ a: { reads: ["signal"] } }));
  stage.request(["a"]);
  expect(stage.started[0]!.values.has("signal")).toBe(false);
  stage.finish();
  stage.request(["a"], { signal: 5 });
  expect(stage.started[1]!.values.get("signal")).toBe(5);
});

test("a change that does not concern the run leaves it alone; it answers the newer request", () => {
  const stage = new ScriptedStage(sketch({ a: { reads: ["n"] }, b: { reads: ["m"] } }));
  stage.request(["a"], { n: 1 });
  const seq = stage.request(["a", "b"], { n: 1, m: 1 });
  expect(stage.started[0]!.controller.signal.aborted).toBe(false);
  stage.drain();
  expect(stage.order).toEqual(["a", "b"]);
  expect(stage.results()).toMatchObject([
    { cell: "a", seq },
    { cell: "b", seq },
  ]);
});

test("what a client does not ask for again is not computed for it", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: {}, c: {} }));
  stage.request(["a", "b"]);
  stage.request(["c"]);
  expect(stage.started[0]!.controller.signal.aborted).toBe(true);
  stage.pass(100);
  stage.drain();
  expect(stage.order).toEqual(["a", "c"]);
  expect(stage.results().map(({ cell }) => cell)).toEqual(["c"]);
});

test("a client that is gone asks for nothing, and what runs for it alone is stopped", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 1 }, "left");
  stage.request(["a"], { n: 1 }, "right");
  stage.request([], {}, "left");
  expect(stage.started[0]!.controller.signal.aborted).toBe(false);
  stage.request([], {}, "right");
  expect(stage.started[0]!.controller.signal.aborted).toBe(true);
});

test("asking again keeps a client's turn", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: {}, c: {} }));
  stage.request(["a"], {}, "first");
  stage.request(["b"], {}, "second");
  stage.request(["c"], {}, "third");
  stage.request(["b"], {}, "second");
  expect(stage.drain()).toEqual(["a", "b", "c"]);
});

test("another client waits its turn and has values of its own; what it shares runs once", () => {
  const stage = new ScriptedStage(sketch({ shared: {}, own: { reads: ["shared", "n"] } }));
  stage.request(["own"], { n: 1 }, "left");
  stage.request(["own"], { n: 2 }, "right");
  expect(stage.started[0]!.controller.signal.aborted).toBe(false);
  expect(stage.drain()).toEqual(["shared", "own", "own"]);
  expect(stage.order).toEqual(["shared", "own", "own"]);
  expect(stage.results("left")).toMatchObject([{ values: { own: 3 } }]);
  expect(stage.results("right")).toMatchObject([{ values: { own: 4 } }]);
});

test("queued cells are told, and that they are not any more", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["c"], { n: 1 });
  expect(stage.states).toEqual(["a:running", "b:queued", "c:queued"]);
  stage.scheduler.setCells([]);
  stage.scheduler.terminated();
  expect(stage.states.slice(3)).toEqual(["b:stale", "c:stale", "a:stale"]);
});

test("a thousand random requests end on the value of the last", () => {
  const stage = new ScriptedStage(chain);
  let state = 7;
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  for (let step = 0; step < 1_000; step++) {
    const what = random(5);
    if (what === 0 && stage.scheduler.running) stage.finish({ ms: random(400) });
    else if (what === 1) stage.pass(random(200));
    else if (what === 2 && stage.scheduler.running?.ending) stage.scheduler.terminated();
    else stage.request([["a", "b", "c"][random(3)]!], { n: random(6) });
  }
  const seq = stage.request(["c"], { n: 41 });
  while (stage.scheduler.running) stage.finish();
  expect(stage.results().at(-1)).toMatchObject({ seq, cell: "c", values: { c: 44 } });
  for (const result of stage.results()) expect(result.error).toBeUndefined();
});

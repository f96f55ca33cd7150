import { expect, test } from "vitest";
import { TransferError } from "../../src/protocol/index.ts";
import { ScriptedStage, sketch } from "../support/scripted-stage.ts";

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

test("a client that holds the result gets no values", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 1 });
  stage.drain();
  const [first] = stage.results();
  stage.request([{ id: "a", have: first!.result }], { n: 1 });
  expect(stage.results()[1]).toMatchObject({ unchanged: true, result: first!.result });
  expect(stage.results()[1]).not.toHaveProperty("values");
});

test("a client that holds an older result gets the values of the newer", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 1 });
  stage.drain();
  const [first] = stage.results();
  stage.request([{ id: "a", have: first!.result }], { n: 2 });
  stage.drain();
  expect(stage.results()[1]).toMatchObject({ values: { a: 3 } });
  expect(stage.results()[1]).not.toHaveProperty("unchanged");
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

test("only wanted outputs leave, and wanting more reruns nothing", () => {
  const cells = (wanted: string[]) => sketch({ a: { gives: ["x", "y"], wanted } });
  const stage = new ScriptedStage(cells(["x"]));
  stage.request(["a"]);
  stage.drain();
  stage.scheduler.setCells(cells(["x", "y"]));
  stage.request(["a"]);
  expect(stage.order).toEqual(["a"]);
  expect(stage.results().map(({ values }) => values)).toEqual([{ x: 1 }, { x: 1, y: 1 }]);
});

test("a value that cannot travel is an error of its cell, and the kernel goes on", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: {} }));
  const tell = stage.tell.bind(stage);
  stage.tell = (notice) => {
    if (notice.type === "result" && notice.values?.["a"]) {
      throw new TransferError(["values", "a"], "is a function");
    }
    tell(notice);
  };
  stage.request(["a", "b"]);
  stage.drain();
  expect(stage.results()).toMatchObject([
    {
      cell: "a",
      error: { name: "TransferError", message: 'Cannot send "a" to the page: a is a function' },
    },
    { cell: "b", values: { b: 1 } },
  ]);
});

test("a failure is answered at its cell, and once by name below it", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a", "c"], { n: 1 });
  stage.finish({ error: { name: "RangeError", message: "Too far" }, outputs: new Map() });
  expect(stage.order).toEqual(["a"]);
  expect(stage.results()).toMatchObject([
    { cell: "a", error: { name: "RangeError", message: "Too far" } },
    {
      cell: "c",
      error: { name: "Blocked", message: "Waits for a, whose cell failed", blockedBy: "a" },
    },
  ]);
  stage.request(["c"], { n: 2 });
  expect(stage.drain()).toEqual(["a", "b", "c"]);
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

test("a run that became stale is asked to end; the newest value follows", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 1 });
  const [run] = stage.started;
  const seq = stage.request(["a"], { n: 2 });
  expect(run!.controller.signal.aborted).toBe(true);
  expect(stage.started).toHaveLength(1);
  stage.scheduler.settled(run!, {
    outputs: new Map(),
    error: { name: "AbortError", message: "The run was ended" },
  });
  stage.drain();
  expect(stage.order).toEqual(["a", "a"]);
  expect(stage.results()).toMatchObject([{ seq, values: { a: 3 } }]);
  expect(stage.states).toEqual(["a:running", "a:stale", "a:running", "a:done"]);
});

test("a stale run that does not end is given up after 100 ms, and cannot come back", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 1 });
  const [run] = stage.started;
  stage.request(["a"], { n: 2 });
  stage.pass(99);
  expect(stage.started).toHaveLength(1);
  stage.pass(1);
  expect(stage.started).toHaveLength(2);
  stage.scheduler.settled(run!, { outputs: new Map([["a", -1]]) });
  stage.drain();
  stage.request(["a"], { n: 1 });
  stage.drain();
  expect(stage.results().map(({ values }) => values)).toEqual([{ a: 3 }, { a: 2 }]);
});

test("a stale run that is about to be done is let finish, and kept for later", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 0 });
  stage.finish({ ms: 100 });
  stage.request(["a"], { n: 1 });
  stage.request(["a"], { n: 2 });
  expect(stage.started[1]!.controller.signal.aborted).toBe(false);
  stage.finish({ ms: 100 });
  stage.finish({ ms: 100 });
  expect(stage.results().map(({ values }) => values)).toEqual([{ a: 1 }, { a: 3 }]);
  stage.request(["a"], { n: 1 });
  expect(stage.started).toHaveLength(3);
  expect(stage.results().at(-1)).toMatchObject({ values: { a: 2 } });
});

test("a stale run that takes longer than it used to is not waited for", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 0 });
  stage.finish({ ms: 100 });
  stage.request(["a"], { n: 1 });
  stage.request(["a"], { n: 2 });
  expect(stage.scheduler.judge()).toEqual({ again: 250 });
  stage.pass(250);
  expect(stage.started[1]!.controller.signal.aborted).toBe(true);
  expect(stage.scheduler.judge()).toEqual({ again: 15 });
  stage.pass(15);
  expect(stage.scheduler.judge()).toBe("terminate");
  stage.scheduler.terminated();
  stage.drain();
  expect(stage.results().at(-1)).toMatchObject({ values: { a: 3 } });
});

test("a run stays when the value comes back before it has ended", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 0 });
  stage.finish({ ms: 10 });
  stage.request(["a"], { n: 1 });
  stage.request(["a"], { n: 2 });
  stage.request(["a"], { n: 1 });
  expect(stage.scheduler.judge()).toBe("go on");
  stage.drain();
  expect(stage.order).toEqual(["a", "a"]);
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

test("a changed cell and all below it lose their values; the others keep theirs", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: { reads: ["a"] }, other: {} }));
  stage.request(["b", "other"]);
  stage.drain();
  stage.notices.length = 0;
  stage.scheduler.setCells(sketch({ a: { version: "2" }, b: { reads: ["a"] }, other: {} }));
  expect(stage.states).toEqual(["a:stale", "b:stale"]);
  stage.request(["b", "other"]);
  expect(stage.drain()).toEqual(["a", "b"]);
});

test("a reordered or removed cell reruns nothing else", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: {}, c: { reads: ["a"] } }));
  stage.request(["b", "c"]);
  stage.drain();
  stage.scheduler.setCells(sketch({ c: { reads: ["a"] }, a: {} }));
  stage.request(["c"]);
  expect(stage.order).toEqual(["b", "a", "c"]);
});

test("a cell edited while it runs is stopped; its late value is not taken", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 1 });
  const [run] = stage.started;
  stage.scheduler.setCells(sketch({ a: { reads: ["n"], version: "2" } }));
  expect(run!.controller.signal.aborted).toBe(true);
  stage.scheduler.settled(run!, { outputs: new Map([["a", -1]]) });
  stage.drain();
  expect(stage.order).toEqual(["a", "a"]);
  expect(stage.results()).toMatchObject([{ values: { a: 2 } }]);
});

test("stop answers the cell and what waits for it; other cells go on; the next request runs again", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: { reads: ["a"] }, c: {} }));
  stage.request(["a", "b", "c"]);
  stage.scheduler.stop();
  expect(stage.watching).toEqual([true]);
  stage.pass(15);
  expect(stage.scheduler.judge()).toBe("terminate");
  stage.scheduler.terminated();
  expect(stage.watching).toEqual([true, false]);
  expect(stage.results()).toMatchObject([
    { cell: "a", error: { name: "Stopped", message: "The cell was stopped" } },
    { cell: "b", error: { blockedBy: "a" } },
  ]);
  expect(stage.drain()).toEqual(["c"]);
  stage.request(["b"]);
  expect(stage.drain()).toEqual(["a", "b"]);
});

test("stop with nothing running does nothing", () => {
  const stage = new ScriptedStage(chain);
  stage.scheduler.stop();
  expect(stage.scheduler.judge()).toBe("go on");
  stage.request(["a"], { n: 1 });
  stage.drain();
  expect(stage.results()).toMatchObject([{ values: { a: 2 } }]);
});

test("a stopped run that was just done is done", () => {
  const stage = new ScriptedStage(chain);
  stage.request(["a"], { n: 1 });
  stage.scheduler.stop();
  stage.finish();
  expect(stage.results()).toMatchObject([{ values: { a: 2 } }]);
  expect(stage.states).toEqual(["a:running", "a:done"]);
});

test("a cell that runs once keeps its value whatever it reads, until it is edited", () => {
  const once = (version: string) =>
    sketch({ a: { reads: ["n"], run: "once", version }, b: { reads: ["a", "m"] } });
  const stage = new ScriptedStage(once("1"));
  stage.request(["b"], { n: 1, m: 1 });
  stage.drain();
  stage.request(["b"], { n: 2, m: 1 });
  expect(stage.drain()).toEqual([]);
  stage.request(["b"], { n: 2, m: 2 });
  stage.drain();
  expect(stage.order).toEqual(["a", "b", "b"]);
  stage.scheduler.setCells(once("2"));
  stage.request(["b"], { n: 2, m: 2 });
  stage.drain();
  expect(stage.order).toEqual(["a", "b", "b", "a", "b"]);
});

test("a cell that runs once is not made anew because what it read was", () => {
  const stage = new ScriptedStage(
    sketch({ a: { reads: ["n"] }, once: { reads: ["a"], run: "once" } }),
  );
  stage.request(["once"], { n: 1 });
  stage.drain();
  stage.request(["a"], { n: 2 });
  stage.drain();
  stage.request(["once"], { n: 2 });
  expect(stage.drain()).toEqual([]);
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

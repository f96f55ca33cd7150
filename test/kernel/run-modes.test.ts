import { expect, test } from "vitest";
import { type CellSketch, ScriptedStage, sketch } from "../support/scripted-stage.ts";

const asked = (id: string, run = "1") => ({ id, run });

/** `a` reads n and runs on demand, `b` reads it, `other` reads n as well. */
const demand = (a: CellSketch = {}, above: CellSketch = {}) =>
  sketch({
    above,
    a: { reads: ["n", "above"], run: "demand", ...a },
    b: { reads: ["a"] },
    other: { reads: ["n"] },
  });

function ran(stage: ScriptedStage): readonly string[] {
  const all = stage.drain();
  stage.notices.length = 0;
  return all;
}

test("a cell that runs on demand waits until it is asked for, and what reads it says so", () => {
  const stage = new ScriptedStage(demand());
  stage.request(["above", "a", "b", "other"], { n: 1 });
  expect(stage.drain()).toEqual(["above", "other"]);
  expect(stage.results()).toMatchObject([
    { cell: "a", error: { name: "OnDemand" } },
    {
      cell: "b",
      error: { name: "Blocked", message: "Waits for a, which runs on demand", blockedBy: "a" },
    },
    { cell: "above" },
    { cell: "other" },
  ]);
  stage.notices.length = 0;
  stage.request([asked("a"), "b"], { n: 1 });
  expect(stage.drain()).toEqual(["a", "b"]);
  expect(stage.results()).toMatchObject([
    { cell: "a", values: { a: 3 } },
    { cell: "b", values: { b: 4 } },
  ]);
});

test("a change of an input makes it stale, with both values, and reruns nothing below", () => {
  const stage = new ScriptedStage(demand());
  stage.request(["above", asked("a"), "b", "other"], { n: 1 });
  ran(stage);
  stage.request(["above", "a", "b", "other"], { n: 2.5 });
  expect(stage.drain()).toEqual(["other"]);
  const [above, a, b] = stage.results();
  expect(above).not.toHaveProperty("stale");
  expect(a).toMatchObject({ values: { a: 3 }, stale: [{ name: "n", was: "1", now: "2.5" }] });
  expect(b).toMatchObject({ values: { b: 4 } });
  stage.notices.length = 0;
  stage.request([asked("a", "2"), "b"], { n: 2.5 });
  expect(stage.drain()).toEqual(["a", "b"]);
  expect(stage.results()[0]).not.toHaveProperty("stale");
});

test("a value that it had before is there again without a run", () => {
  const stage = new ScriptedStage(demand());
  stage.request([asked("a"), "b"], { n: 1 });
  stage.drain();
  stage.request([asked("a", "2"), "b"], { n: 2 });
  ran(stage);
  stage.request(["a", "b"], { n: 3 });
  stage.request(["a", "b"], { n: 2 });
  expect(stage.drain()).toEqual([]);
  expect(stage.results().at(-2)).not.toHaveProperty("stale");
});

test("an edit above makes it stale, and one of its own as well; it keeps its value", () => {
  const stage = new ScriptedStage(demand());
  stage.request(["above", asked("a"), "b"], { n: 1 });
  ran(stage);
  stage.scheduler.setCells(demand({}, { version: "2" }));
  stage.request(["above", "a", "b"], { n: 1 });
  expect(stage.drain()).toEqual(["above"]);
  expect(stage.states).not.toContain("a:queued");
  // It is told when what it reads is there.
  const told = stage.results().find(({ cell }) => cell === "a");
  expect(told).toMatchObject({ stale: [{ name: "above" }] });
  stage.notices.length = 0;
  stage.request(["a", "b"], { n: 1 });
  expect(stage.results()[0]).toMatchObject({ stale: [{ name: "above" }] });
  expect(ran(stage)).toEqual([]);
  stage.scheduler.setCells(demand({ version: "2" }, { version: "2" }));
  stage.request(["a", "b"], { n: 1 });
  expect(stage.results()[0]).toMatchObject({ stale: [{}, { name: "above" }] });
  expect(ran(stage)).toEqual([]);
  stage.request([asked("a", "2"), "b"], { n: 1 });
  expect(ran(stage)).toEqual(["a", "b"]);
  stage.request(["a", "b"], { n: 1 });
  expect(stage.results()[0]).not.toHaveProperty("stale");
});

test("names it does not have yet cannot be kept: what reads them waits", () => {
  const stage = new ScriptedStage(demand());
  stage.request([asked("a"), "b"], { n: 1 });
  ran(stage);
  stage.scheduler.setCells(demand({ version: "2", gives: ["a", "more"] }));
  stage.request(["a", "b"], { n: 1 });
  expect(stage.results()).toMatchObject([
    { cell: "a", error: { name: "OnDemand" } },
    { cell: "b", error: { blockedBy: "a" } },
  ]);
});

test("one that a person started goes on to its end when an input changes, and is then stale", () => {
  const stage = new ScriptedStage(demand());
  stage.request(["above", asked("a"), "b"], { n: 1 });
  stage.finish();
  stage.request(["above", "a", "b"], { n: 2 });
  expect(stage.scheduler.judge()).toBe("go on");
  expect(stage.drain()).toEqual(["a", "b"]);
  const results = stage.results().filter(({ cell }) => cell === "a");
  expect(results).toMatchObject([{ values: { a: 3 }, stale: [{ name: "n", was: "1", now: "2" }] }]);
});

test("one that is stopped keeps its last value", () => {
  const stage = new ScriptedStage(demand());
  stage.request(["above", asked("a"), "b"], { n: 1 });
  ran(stage);
  stage.request(["above", asked("a", "2"), "b"], { n: 2 });
  stage.scheduler.stop();
  stage.scheduler.terminated();
  stage.pass(100);
  expect(stage.states).toContain("a:stopped");
  expect(stage.results().find(({ cell }) => cell === "a")).toMatchObject({
    values: { a: 3 },
    stale: [{ name: "n" }],
  });
  expect(stage.drain()).toEqual([]);
});

test("a live cell that is asked for runs again although nothing has changed, and all below it", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: { reads: ["a"] }, other: {} }));
  stage.request(["a", "b", "other"]);
  ran(stage);
  stage.request(["a", "b", "other"]);
  expect(ran(stage)).toEqual([]);
  stage.request([asked("a"), "b", "other"]);
  expect(stage.drain()).toEqual(["a", "b"]);
  expect(stage.results().map(({ cell }) => cell)).toEqual(["other", "a", "b"]);
  stage.request([asked("a"), "b"]);
  expect(stage.drain()).toEqual([]);
});

test("other pages hear that what they hold has been run anew", () => {
  const stage = new ScriptedStage(sketch({ a: {}, b: { reads: ["a"] } }));
  stage.request(["a", "b"], {}, "left");
  stage.request(["a", "b"], {}, "right");
  ran(stage);
  stage.request([asked("a")], {}, "left");
  stage.drain();
  expect(stage.notices).toContainEqual({
    type: "run",
    cell: "b",
    state: "stale",
    why: ["a"],
    edited: true,
  });
});

test("one that runs once runs when it is needed first, and then when it is asked for", () => {
  const stage = new ScriptedStage(
    sketch({ above: {}, a: { reads: ["n", "above"], run: "once" }, b: { reads: ["a"] } }),
  );
  stage.request(["a", "b"], { n: 1 });
  expect(ran(stage)).toEqual(["above", "a", "b"]);
  stage.request(["a", "b"], { n: 2 });
  expect(stage.results()[0]).not.toHaveProperty("stale");
  expect(ran(stage)).toEqual([]);
  stage.request([asked("a"), "b"], { n: 2 });
  expect(ran(stage)).toEqual(["a", "b"]);
});

test("making a cell run on demand, or live again, reruns nothing that is up to date", () => {
  const cells = (run: "live" | "demand") =>
    sketch({ a: { reads: ["n"], run }, b: { reads: ["a"] } });
  const stage = new ScriptedStage(cells("live"));
  stage.request(["a", "b"], { n: 1 });
  ran(stage);
  stage.scheduler.setCells(cells("demand"));
  stage.request(["a", "b"], { n: 1 });
  expect(ran(stage)).toEqual([]);
  stage.request(["a", "b"], { n: 2 });
  expect(stage.results()[0]).toMatchObject({ stale: [{ name: "n" }] });
  expect(ran(stage)).toEqual([]);
  stage.scheduler.setCells(cells("live"));
  stage.request(["a", "b"], { n: 2 });
  expect(ran(stage)).toEqual(["a", "b"]);
});

test("an answer that needed no run says how long ago it was made, and one that did says nothing", () => {
  const stage = new ScriptedStage(sketch({ a: { reads: ["n"] } }));
  stage.request(["a"], { n: 1 });
  stage.drain();
  stage.pass(4_000);
  stage.request(["a"], { n: 1 });
  const [made, kept] = stage.results();
  expect(made).not.toHaveProperty("age");
  expect(kept).toMatchObject({ age: 4_000 });
});

test("what the names hold is told with the values", () => {
  const stage = new ScriptedStage(sketch({ a: { gives: ["x", "y"] } }));
  stage.request(["a"]);
  const outputs = new Map<string, unknown>([
    ["x", new Float32Array(6)],
    ["y", "text"],
  ]);
  stage.finish({ outputs });
  expect(stage.results()[0]!.held).toEqual([
    { name: "x", type: "Float32Array", shape: [6], bytes: 24 },
    { name: "y", type: "string", bytes: 8 },
  ]);
});

import { expect, test } from "vitest";
import { ScriptedStage, sketch } from "../../support/scripted-stage.ts";

const chain = sketch({ a: { reads: ["n"] }, b: { reads: ["a"] }, c: { reads: ["b"] } });

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

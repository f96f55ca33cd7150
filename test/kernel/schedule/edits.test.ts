import { expect, test } from "vitest";
import { ScriptedStage, sketch } from "../../support/scripted-stage.ts";

const chain = sketch({ a: { reads: ["n"] }, b: { reads: ["a"] }, c: { reads: ["b"] } });

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

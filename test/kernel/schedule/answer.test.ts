import { expect, test } from "vitest";
import { TransferError } from "../../../src/protocol/index.ts";
import { ScriptedStage, sketch } from "../../support/scripted-stage.ts";

const chain = sketch({ a: { reads: ["n"] }, b: { reads: ["a"] }, c: { reads: ["b"] } });

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

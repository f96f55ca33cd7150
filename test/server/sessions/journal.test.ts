import { expect, test } from "vitest";
import { Journal } from "../../../server/sessions/journal.ts";
import { decode, encode, type KernelNotice } from "../../../src/protocol/index.ts";

function journal(): { journal: Journal; hear(notice: KernelNotice): void; replay(): unknown[] } {
  const kept = new Journal();
  return {
    journal: kept,
    hear: (notice) => kept.record(notice, encode(notice)),
    replay: () => kept.replay().map((frame) => decode(frame)),
  };
}

const run = (cell: string, state: "queued" | "running" | "done") =>
  ({ type: "run", cell, state }) as const;
const log = (cell: string, text: string) => ({ type: "log", cell, level: "log", text }) as const;

test("of each cell the newest run's log and state are kept", () => {
  const { hear, replay } = journal();
  for (const notice of [
    run("a", "running"),
    log("a", "old"),
    run("a", "done"),
    run("a", "queued"),
    run("a", "running"),
    log("a", "new"),
    run("b", "running"),
    run("a", "done"),
  ]) {
    hear(notice);
  }
  expect(replay()).toEqual([log("a", "new"), run("a", "done"), run("b", "running")]);
});

test("what was logged before the first run, by no cell, is kept too", () => {
  const { hear, replay } = journal();
  hear(log("", "starting"));
  expect(replay()).toEqual([log("", "starting")]);
});

test("of a long log the end is kept, by lines and by bytes", () => {
  const { hear, replay } = journal();
  for (let line = 0; line < 600; line++) hear(log("a", `line ${line}`));
  expect(replay()).toHaveLength(500);
  expect(replay().at(-1)).toEqual(log("a", "line 599"));
  for (let line = 0; line < 10; line++) hear(log("a", "x".repeat(100_000)));
  expect(replay()).toHaveLength(2);
});

test("cells that are no more are forgotten; a new kernel has no past", () => {
  const { journal: kept, hear, replay } = journal();
  hear(log("a", "1"));
  hear(log("b", "2"));
  hear(log("", "3"));
  kept.keepOnly(new Set(["b"]));
  expect(replay()).toEqual([log("b", "2"), log("", "3")]);
  kept.clear();
  expect(replay()).toEqual([]);
});

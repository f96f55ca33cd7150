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

const display = (cell: string, display: string, text: string) =>
  ({ type: "display", cell, display, bundle: { "text/plain": text } }) as const;
const update = (cell: string, name: string, text: string) =>
  ({ ...display(cell, name, text), update: true }) as const;
const clear = (cell: string, wait: boolean) => ({ type: "clear", cell, wait }) as const;

test("what a cell's newest run has shown is kept, of its updates the last", () => {
  const { hear, replay } = journal();
  const heard = [
    run("a", "running"),
    display("a", "old", "0"),
    run("a", "running"),
    display("a", "one", "1"),
    display("a", "two", "2"),
    ...Array.from({ length: 1_000 }, (_, i) => update("a", "one", `1.${i}`)),
  ];
  for (const notice of heard) hear(notice);
  expect(replay()).toEqual([
    display("a", "one", "1"),
    display("a", "two", "2"),
    update("a", "one", "1.999"),
    run("a", "running"),
  ]);
});

test("what was cleared is gone; with wait when something new is shown", () => {
  const { hear, replay } = journal();
  hear(display("a", "one", "1"));
  hear(clear("a", false));
  hear(display("a", "two", "2"));
  expect(replay()).toEqual([display("a", "two", "2")]);
  hear(clear("a", true));
  expect(replay()).toEqual([display("a", "two", "2"), clear("a", true)]);
  hear(update("a", "two", "2.1"));
  hear(display("a", "three", "3"));
  expect(replay()).toEqual([display("a", "three", "3")]);
});

test("of what is shown without end the last is kept", () => {
  const { hear, replay } = journal();
  for (let i = 0; i < 500; i++) hear(display("a", `d${i}`, String(i)));
  expect(replay()).toHaveLength(200);
  expect(replay().at(-1)).toEqual(display("a", "d499", "499"));
});

import { expect, test } from "vitest";
import {
  because,
  type CellFacts,
  isDue,
  nothingYet,
  restText,
  stateOf,
} from "../../../src/client/cell/cell-facts.ts";

const facts = (some: Partial<CellFacts>): CellFacts => ({ ...nothingYet, ...some });
const failed = (name: string) => ({ name, message: "no" });

test("of all that is true of a cell, what goes on matters most, then what a person did, then how it went", () => {
  const all = facts({
    run: { state: "running", why: [] },
    isPending: true,
    isEdited: true,
    error: failed("Error"),
    stale: [{ name: "n" }],
    made: 0,
  });
  expect(stateOf(all)).toBe("running");
  expect(stateOf({ ...all, run: { state: "queued", why: [] } })).toBe("queued");
  expect(stateOf({ ...all, run: undefined })).toBe("waiting");
  const settled = { ...all, run: undefined, isPending: false };
  expect(stateOf(settled)).toBe("edited");
  expect(stateOf({ ...settled, isEdited: false })).toBe("failed");
  expect(stateOf({ ...settled, isEdited: false, error: undefined })).toBe("stale");
  expect(stateOf(facts({ made: 0 }))).toBe("cached");
  expect(stateOf(nothingYet)).toBe("idle");
});

test("failures that are none of the code's have states of their own", () => {
  expect(stateOf(facts({ error: failed("OnDemand") }))).toBe("demand");
  expect(stateOf(facts({ error: failed("Stopped") }))).toBe("stopped");
  expect(stateOf(facts({ error: { ...failed("Blocked"), blockedBy: "n" } }))).toBe("blocked");
  expect(stateOf(facts({ run: { state: "stopped", why: [] } }))).toBe("stopped");
});

test("a cell is due that is out of date, was never asked for, or is edited and does not run by itself", () => {
  expect(isDue(nothingYet)).toBe(false);
  expect(isDue(facts({ stale: [{}] }))).toBe(true);
  expect(isDue(facts({ error: failed("OnDemand") }))).toBe(true);
  expect(isDue(facts({ isEdited: true }))).toBe(false);
  expect(isDue(facts({ isEdited: true, mode: "demand" }))).toBe(true);
});

test("why, as it is told", () => {
  expect(because(facts({ leansOn: ["n"] }), 0)).toBe("n is out of date");
  expect(because(facts({ leansOn: ["n", "m"] }), 0)).toBe("n, m are out of date");
  expect(because(facts({ leansOn: ["n"], stale: [{ name: "m" }] }), 0)).toBe("m changed");
  expect(because(facts({ run: { state: "running", why: ["n", "m"] } }), 0)).toBe(
    "because n, m changed",
  );
  expect(because(facts({ made: 1_000 }), 41_000)).toBe("40 s ago");
  expect(because(nothingYet, 0)).toBe("");
});

test("at rest: what the last run took, what is held when it is much, how old it is", () => {
  const held = [{ name: "m", type: "matrix", bytes: 60_000 }];
  expect(restText(facts({ took: 5, held }), 0)).toBe("5 ms");
  expect(restText(facts({ took: 5, held: [...held, ...held] }), 0)).toBe("5 ms · 120 kB");
  expect(restText(facts({ made: 0 }), 40_000)).toBe("40 s ago");
});

import { expect, test } from "vitest";
import { type Kept, load, store } from "../../../src/client/document/storage.ts";
import { workbookWith } from "../../support/edited-workbooks.ts";

const step = { label: "typing", operations: [] };
const kept: Kept = {
  name: { epoch: "e", revision: 3 },
  accepted: workbookWith("one"),
  pending: [],
  undo: [step],
  redo: [step],
};

/** What is stored of it, and whether it is said to be with the server. */
function stored(of: Kept) {
  const calls: [Kept, boolean][] = [];
  store(
    { load: () => null, store: (text, isAccepted) => calls.push([JSON.parse(text), isAccepted]) },
    of,
  );
  return calls;
}

test("all is kept, and whether the server has it", () => {
  const pending = [{ id: "1", label: "typing", operations: [] }];
  expect(stored(kept)).toEqual([[kept, true]]);
  expect(stored({ ...kept, pending })).toEqual([[{ ...kept, pending }, false]]);
});

test("of what is too large, what can be undone is not kept", () => {
  const accepted = workbookWith("x".repeat(2_000_000));
  expect(stored({ ...kept, accepted })).toEqual([
    [{ ...kept, accepted, undo: [], redo: [] }, true],
  ]);
});

test("a page without room goes on without", () => {
  const full = () => {
    throw new Error("full");
  };
  expect(() => store({ load: full, store: full }, kept)).not.toThrow();
  expect(load({ load: full, store: full })).toBeUndefined();
});

test("what was kept is read, and nothing of nothing", () => {
  const loaded = (text: string | null) => load({ load: () => text, store: () => {} });
  expect(loaded(JSON.stringify(kept))).toEqual(kept);
  expect(loaded(null)).toBeUndefined();
  expect(loaded("{")).toBeUndefined();
});

import { expect, test } from "vitest";
import { KeyTable } from "../../../src/client/editor/key-table.ts";

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
}

test("own keys are kept, take the key from what had it, and say from what", () => {
  const place = storage();
  const keys = new KeyTable(false, place);
  expect(keys.rebind("duplicate", "command", "b")).toEqual({
    note: "B was “Insert a cell below” before",
  });
  const later = new KeyTable(false, place);
  expect(later.bindings("command").get("b")).toBe("duplicate");
  expect(later.text("duplicate", "command")).toBe("B");
  expect(later.text("insertBelow", "command")).toBe("");
  expect(later.isOwn("duplicate", "command")).toBe(true);
});

test("a key that begins two others takes their place", () => {
  const keys = new KeyTable(false, storage());
  expect(keys.rebind("outline", "command", "d")).toEqual({ note: "D was “Delete cells” before" });
  expect(keys.bindings("command").get("d")).toBe("outline");
  expect(keys.text("delete", "command")).toBe("Delete");
});

test("a chosen key gives way to one that is chosen later", () => {
  const keys = new KeyTable(false, storage());
  keys.rebind("duplicate", "command", "q");
  expect(keys.rebind("merge", "command", "q")).toEqual({
    note: "Q was “Duplicate cells” before",
  });
  expect(keys.text("duplicate", "command")).toBe("");
  expect(keys.bindings("command").get("q")).toBe("merge");
});

test("a key that cannot be had is refused with the reason, and nothing is changed", () => {
  const place = storage();
  const keys = new KeyTable(false, place);
  expect(keys.rebind("run", "edit", "Ctrl-w")).toEqual({
    problem: "Cannot use Ctrl+W: the browser keeps it for itself",
  });
  expect(keys.text("run", "edit")).toBe("Ctrl+Enter");
  expect(new KeyTable(false, place).hasOwn).toBe(false);
});

test("keys are as usual again, one or all", () => {
  const place = storage();
  const keys = new KeyTable(false, place);
  keys.rebind("run", "edit", "Ctrl-e");
  keys.rebind("run", "command", "e");
  keys.rebind("merge", "command", "y");
  keys.reset("run", "edit");
  expect(keys.text("run", "edit")).toBe("Ctrl+Enter");
  expect(keys.text("run", "command")).toBe("E");
  expect(keys.reset("toCode", "command")).toEqual({
    note: "Another action has that key: “Merge the chosen cells, or this with the next”",
  });
  keys.reset();
  expect(keys.text("toCode", "command")).toBe("Y");
  expect(new KeyTable(false, place).hasOwn).toBe(false);
});

test("letters alone are switched off for good, and are shown nowhere then", () => {
  const place = storage();
  const keys = new KeyTable(false, place);
  expect(keys.text("delete", "command")).toBe("D, D or Delete");
  keys.setLetters(false);
  expect(new KeyTable(false, place).letters).toBe(false);
  expect(keys.text("delete", "command")).toBe("Delete");
  expect(keys.shortText("insertAbove")).toBe("");
  expect(keys.bindings("command").get("a")).toBeUndefined();
});

test.for(["{", "null", '{"nonsense": {"edit": ["x"]}}', '{"run": {"edit": 3}}'])(
  "storage that holds %s gives the usual keys",
  (text) => {
    const keys = new KeyTable(false, { getItem: () => text, setItem: () => undefined });
    expect(keys.hasOwn).toBe(false);
    expect(keys.text("run", "edit")).toBe("Ctrl+Enter");
  },
);

test("storage that is closed gives the usual keys, and says that it keeps none", () => {
  const closed = (): never => {
    throw new DOMException("closed", "SecurityError");
  };
  const keys = new KeyTable(false, { getItem: closed, setItem: closed });
  expect(keys.rebind("run", "command", "q")).toEqual({
    problem: "The browser does not let Simile remember keys",
  });
  expect(keys.text("run", "command")).toBe("Q");
});

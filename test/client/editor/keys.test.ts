import { expect, test } from "vitest";
import {
  type ActionName,
  actions,
  bindingsOf,
  keysOf,
} from "../../../src/client/editor/actions.ts";
import { KeySequence } from "../../../src/client/editor/key-sequence.ts";
import { isReserved, keyOf, keysText, pressed, whyNot } from "../../../src/client/editor/keys.ts";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, code: "" };

test.for([
  [{ ...none, key: "a" }, "a"],
  [{ ...none, key: "A", shiftKey: true }, "Shift-a"],
  [{ ...none, key: "?", shiftKey: true }, "?"],
  [{ ...none, key: "Enter", shiftKey: true }, "Shift-Enter"],
  [{ ...none, key: "Enter", ctrlKey: true }, "Ctrl-Enter"],
  [{ ...none, key: "k", metaKey: true }, "Meta-k"],
  [{ ...none, key: "_", code: "Minus", ctrlKey: true, shiftKey: true }, "Ctrl-Shift-Minus"],
  [{ ...none, key: "-", code: "Minus", ctrlKey: true, shiftKey: true }, "Ctrl-Shift-Minus"],
  [{ ...none, key: " ", ctrlKey: true }, "Ctrl-Space"],
  [{ ...none, key: "ф", code: "KeyA" }, "a"],
  [{ ...none, key: "Shift", shiftKey: true }, undefined],
] as const)("%j is the key %s", ([event, key]) => {
  expect(keyOf(event)).toBe(key);
});

test("Mod is Ctrl, on a Mac Cmd", () => {
  expect(pressed("Mod-Shift-r", false)).toBe("Ctrl-Shift-r");
  expect(pressed("Mod-Shift-r", true)).toBe("Meta-Shift-r");
  expect(keysText("Mod-Shift-r", false)).toBe("Ctrl+Shift+R");
  expect(keysText("Mod-Shift-ArrowUp", true)).toBe("⌘⇧↑");
  expect(keysText("d d", false)).toBe("D, D");
});

test.for([false, true])("no usual key is one that browsers keep (Mac: %s)", (isMac) => {
  for (const mode of ["command", "edit"] as const) {
    const keys = [...bindingsOf(mode, {}, isMac).keys()];
    expect(keys.length).toBeGreaterThan(15);
    expect(keys.filter((one) => isReserved(one, isMac))).toEqual([]);
  }
});

test.for(["command", "edit"] as const)("no key means two things while %s", (mode) => {
  const taken = (Object.keys(actions) as ActionName[]).flatMap((name) => keysOf(name, mode, {}));
  expect(taken.filter((keys, i) => taken.indexOf(keys) !== i)).toEqual([]);
  // A single key that begins another's two would never let these be pressed.
  const begun = taken.filter((keys) => taken.some((other) => other.startsWith(`${keys} `)));
  expect(begun).toEqual([]);
});

test("while text is written no key is a letter alone", () => {
  const keys = [...bindingsOf("edit", {}, false).keys()];
  expect(keys.filter((one) => !/^(Ctrl|Meta|Alt|Shift)-|^(Tab|Escape|F\d+)$/.test(one))).toEqual(
    [],
  );
});

test("letters alone can be switched off", () => {
  const keys = [...bindingsOf("command", {}, false, false).keys()];
  expect(keys).toContain("Ctrl-Enter");
  expect(keys).toContain("ArrowDown");
  expect(keys.filter((one) => /^(Shift-)?[a-z0?]( |$)/.test(one))).toEqual([]);
});

test("two keys in a row are one thing, unless the second comes late", () => {
  const bindings = bindingsOf("command", {}, false);
  const sequence = new KeySequence();
  expect(sequence.press("d", bindings, 0)).toBe("begun");
  expect(sequence.press("d", bindings, 300)).toBe("delete");
  expect(sequence.press("d", bindings, 400)).toBe("begun");
  expect(sequence.press("d", bindings, 2000)).toBe("begun");
  expect(sequence.press("b", bindings, 2100)).toBe("insertBelow");
  expect(sequence.press("d", bindings, 2200)).toBe("begun");
  expect(sequence.press("Ctrl-q", bindings, 2300)).toBeUndefined();
});

test.for([
  ["Ctrl-w", "command", "the browser keeps it for itself"],
  ["Ctrl-h", "edit", "the browser keeps it for itself"],
  ["Tab", "edit", "it goes from one thing to the next"],
  ["Escape", "command", "it leads out of everything"],
  ["Ctrl-c", "command", "it copies and pastes in every text"],
  ["q", "edit", "while writing, a key needs Ctrl, Alt or the like with it"],
  ["Enter", "edit", "while writing, a key needs Ctrl, Alt or the like with it"],
  ["q", "command", undefined],
  ["Alt-q", "edit", undefined],
  ["F9", "edit", undefined],
  ["Shift-Enter", "edit", undefined],
] as const)("%s for %s: %s", ([keys, mode, why]) => {
  expect(whyNot(keys, mode, false)).toBe(why);
});

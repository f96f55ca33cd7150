// @vitest-environment happy-dom
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { afterEach, expect, test, vi } from "vitest";
import { Diagnostics } from "../../../../src/client/editor/language/diagnostics.ts";
import type { LanguageService } from "../../../../src/client/editor/language/language-service.ts";

afterEach(() => vi.useRealTimers());

test("cells without an editor are looked at after those with one, a few at a time", async () => {
  vi.useFakeTimers();
  const cells = Array.from({ length: 30 }, (_, i) => ({ id: `c${i}`, source: "nope" }));
  const asked: (readonly string[])[] = [];
  const service = {
    ask: async (question: { cells: readonly string[] }) => {
      asked.push(question.cells);
      return question.cells.map((cell) => ({
        cell,
        from: 0,
        to: 4,
        severity: "error",
        message: "no",
      }));
    },
  } as unknown as LanguageService;
  const diagnostics = new Diagnostics({ service, cells: () => cells });
  diagnostics.changed();
  expect(diagnostics.isLooking, "nobody wants to know").toBe(false);
  const extensions = [diagnostics.of("c20")];
  const view = new EditorView({ state: EditorState.create({ doc: "nope", extensions }) });
  expect(diagnostics.isLooking).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked.map(({ length }) => length)).toEqual([1, 6, 6, 6, 6, 5]);
  expect(asked[0]).toEqual(["c20"]);
  expect(new Set(asked.flat()).size).toBe(30);
  expect(cells.every(({ id }) => diagnostics.found(id).length === 1)).toBe(true);
  expect(diagnostics.isLooking).toBe(false);
  // What is known already is shown in an editor that comes, and is not asked for again.
  const later = new EditorView({
    state: EditorState.create({ doc: "nope", extensions: [diagnostics.of("c3")] }),
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(later.dom.querySelectorAll(".problem-line")).toHaveLength(1);
  expect(asked).toHaveLength(6);
  view.destroy();
  later.destroy();
});

test("typing ends the looking, and what was found is kept until it is looked at again", async () => {
  vi.useFakeTimers();
  let cells = [{ id: "a", source: "nope" }];
  const signals: AbortSignal[] = [];
  const service = {
    ask: async (_: unknown, signal: AbortSignal) => {
      signals.push(signal);
      return cells.map(({ id }) => ({
        cell: id,
        from: 0,
        to: 4,
        severity: "error",
        message: "no",
      }));
    },
  } as unknown as LanguageService;
  const diagnostics = new Diagnostics({ service, cells: () => cells });
  const watching = new AbortController();
  diagnostics.look(watching.signal);
  await vi.advanceTimersByTimeAsync(1_000);
  diagnostics.changed();
  expect(signals[0]?.aborted).toBe(true);
  expect(diagnostics.found("a")).toHaveLength(1);
  cells = [{ id: "b", source: "nope" }];
  await vi.advanceTimersByTimeAsync(1_000);
  expect([diagnostics.found("a"), diagnostics.found("b")].map(({ length }) => length)).toEqual([
    0, 1,
  ]);
  watching.abort();
  diagnostics.changed();
  expect(diagnostics.isLooking, "nobody wants to know any more").toBe(false);
});

test("a problem is told as long as its text is there", async () => {
  const text = "nope + none";
  const found = [
    { cell: "a", from: 0, to: 4, severity: "error", message: "Cannot find name 'nope'" },
    { cell: "a", from: 7, to: 11, severity: "error", message: "Cannot find name 'none'" },
  ];
  const service = { ask: () => Promise.resolve(found) } as unknown as LanguageService;
  const diagnostics = new Diagnostics({ service, cells: () => [{ id: "a", source: text }] });
  const view = new EditorView({
    state: EditorState.create({ doc: text, extensions: [diagnostics.of("a")] }),
    parent: document.body,
  });
  const told = () =>
    Array.from(view.dom.querySelectorAll<HTMLElement>(".problems > li:not([hidden])")).map(
      ({ textContent }) => textContent,
    );
  await vi.waitFor(() =>
    expect(told()).toEqual(["Line 1: Cannot find name 'nope'", "Line 1: Cannot find name 'none'"]),
  );
  view.dispatch({ changes: { from: 0, to: 7, insert: "a long name " } });
  expect(told()).toEqual(["Line 1: Cannot find name 'none'"]);
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: "1" } });
  expect(view.dom.querySelector<HTMLElement>(".problems")?.hidden).toBe(true);
  diagnostics.dispose();
  view.destroy();
});

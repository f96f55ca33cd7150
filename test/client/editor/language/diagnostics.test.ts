// @vitest-environment happy-dom
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { expect, test, vi } from "vitest";
import { Diagnostics } from "../../../../src/client/editor/language/diagnostics.ts";
import type { LanguageService } from "../../../../src/client/editor/language/language-service.ts";

test("a problem is told as long as its text is there", async () => {
  const text = "nope + none";
  const found = [
    { cell: "a", from: 0, to: 4, severity: "error", message: "Cannot find name 'nope'" },
    { cell: "a", from: 7, to: 11, severity: "error", message: "Cannot find name 'none'" },
  ];
  const service = { ask: () => Promise.resolve(found) } as unknown as LanguageService;
  const diagnostics = new Diagnostics(service);
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

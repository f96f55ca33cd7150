import fc from "fast-check";
import { expect, test } from "vitest";
import { type CodeCell, ExecutionLanguage, WorkbookLanguage } from "../../src/language/index.ts";
import type { CellRange, LanguageQuestion } from "../../src/protocol/index.ts";

const language = new WorkbookLanguage(import.meta.dirname);
const executions = new ExecutionLanguage(import.meta.dirname);

/** Pieces of code of which any may be missing, doubled or out of place, as while somebody types. */
const pieces = fc.constantFrom(
  ..."a b first other.  second. = => ( ) { } [ ] , ; : ` } ' \" /* */ // \n \r\n \t 𝒳 é 🙂".split(
    " ",
  ),
  "const ",
  "let ",
  "function f",
  "class C ",
  "interface I ",
  "type T = ",
  "import {a} from './x.ts'",
  "export ",
  "await ",
  "async ",
  "html`",
  "$".concat("{"),
  "...",
  "<T>",
  "/** docs */",
  "[]",
  "x: []",
  "enum E ",
  "@",
  "?.",
);
const source = fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join(""));

test("whatever cells hold, every question is answered, with places inside of them", () => {
  fc.assert(
    fc.property(source, source, source, fc.nat(40), (a, b, c, offset) => {
      const cells: CodeCell[] = [
        { id: "a", kind: "kernel", source: `const first = {x: 1}; ${a}` },
        { id: "b", kind: "browser", source: b },
        { id: "c", kind: "kernel", source: c },
      ];
      language.set(cells);
      const inside = ({ cell, from, to }: CellRange) => {
        const { length } = cells.find(({ id }) => id === cell)!.source;
        expect(from >= 0 && from <= to && to <= length).toBe(true);
      };
      for (const { id } of cells) {
        const ask = (type: string, more = {}) =>
          language.answer({
            type,
            workbook: "",
            unsaved: [],
            cell: id,
            offset,
            ...more,
          } as LanguageQuestion);
        ask("complete");
        ask("signature");
        ask("define");
        ask("describe", { label: "first" });
        const hover = ask("hover") as Omit<CellRange, "cell"> | null;
        if (hover) inside({ ...hover, cell: id });
        const renamed = ask("rename", { to: "renamed" }) as { edits?: readonly CellRange[] };
        for (const edit of renamed.edits ?? []) inside(edit);
        for (const found of ask("diagnose") as readonly CellRange[]) inside(found);
      }
      const { start, end } = executions.complete(b, Math.min(offset, b.length));
      expect(start <= end && end <= b.length).toBe(true);
      executions.inspect(b, Math.min(offset, b.length));
      executions.executed(c);
    }),
    { numRuns: Number(process.env["LANGUAGE_ROUNDS"] ?? 6) },
  );
});

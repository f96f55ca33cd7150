import { join } from "node:path";
import { type CodeCell, WorkbookLanguage } from "../../src/language/index.ts";
import type { CellEdit, LanguageAnswers, LanguageQuestion } from "../../src/protocol/index.ts";

/** What is asked in the tests of a file, on workbooks in the folder of those we ship. */
export const language = new WorkbookLanguage(join(import.meta.dirname, "..", "..", "workbooks"));

/** Cells as `id: source`, kernel cells as `id kernel: source`; `|` in one of them is the offset asked for. */
export function written(texts: readonly string[]): {
  cells: CodeCell[];
  cell: string;
  offset: number;
} {
  let [cell, offset] = ["", 0];
  const cells = texts.map((text): CodeCell => {
    const [, id, kernel, marked] = /^(\w+)( kernel)?: ?(.*)$/s.exec(text)!;
    const at = marked!.indexOf("|");
    if (at >= 0) [cell, offset] = [id!, at];
    const source = marked!.replace("|", "");
    return { id: id!, kind: kernel ? "kernel" : "browser", source };
  });
  return { cells, cell, offset };
}

/** The answer about these cells, at the mark. */
export function answer<Type extends LanguageQuestion["type"]>(
  type: Type,
  texts: readonly string[],
  more: object = {},
): LanguageAnswers[Type] {
  const { cells, cell, offset } = written(texts);
  language.set(cells);
  const question = { type, workbook: "", unsaved: [], cell, offset, ...more };
  return language.answer(question as LanguageQuestion) as LanguageAnswers[Type];
}

/** What is found, with the text that it is found at. */
export function diagnosed(...texts: string[]): string[] {
  const { cells } = written(texts);
  return answer("diagnose", texts).map(({ cell, from, to, severity, message }) => {
    const text = cells.find(({ id }) => id === cell)!.source.slice(from, to);
    return `${cell} ${severity} at «${text}»: ${message}`;
  });
}

/** What is offered at the mark. */
export function labels(...texts: string[]): string[] {
  return answer("complete", texts).items.map(({ label }) => label);
}

/** The sources after edits. */
export function applied(texts: readonly string[], edits: readonly CellEdit[]): string[] {
  return written(texts).cells.map(({ id, source }) => {
    const own = edits.filter(({ cell }) => cell === id).toSorted((a, b) => b.from - a.from);
    return own.reduce(
      (text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to),
      source,
    );
  });
}

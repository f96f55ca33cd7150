import type { LanguageAnswers, LanguageQuestion } from "../protocol/index.ts";
import { completionsOf } from "./completions.ts";
import { definitionsOf } from "./definitions.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { descriptionOf, hoverOf } from "./hover.ts";
import { renameOf } from "./rename.ts";
import { signaturesOf } from "./signatures.ts";
import { type CodeCell, WorkbookCells } from "./workbook-cells.ts";

/** TypeScript's language service over all code cells of a workbook. It reads files and runs nothing. */
export class WorkbookLanguage {
  readonly #cells: WorkbookCells;
  readonly #directory: string;

  /** @param directory of the workbook: from there imports of cells are resolved */
  constructor(directory: string) {
    this.#directory = directory;
    this.#cells = new WorkbookCells(directory);
  }

  /** Takes these as all code cells there are, in page order. */
  set(cells: readonly CodeCell[]): void {
    this.#cells.set(cells);
  }

  /** Gives back its memory; nothing is asked after. */
  dispose(): void {
    this.#cells.dispose();
  }

  /** The answer to a question about the cells as they were set last. */
  answer(question: LanguageQuestion): LanguageAnswers[LanguageQuestion["type"]] {
    const cells = this.#cells;
    switch (question.type) {
      case "complete":
        return completionsOf(cells, question.cell, question.offset);
      case "describe": {
        const { cell, offset, label, module } = question;
        return descriptionOf(cells, cell, offset, label, module);
      }
      case "hover":
        return hoverOf(cells, question.cell, question.offset);
      case "signature":
        return signaturesOf(cells, question.cell, question.offset);
      case "diagnose":
        return diagnosticsOf(cells, question.cells);
      case "define":
        return definitionsOf(cells, question.cell, question.offset, this.#directory);
      case "rename":
        return renameOf(cells, question.cell, question.offset, question.to);
    }
  }
}

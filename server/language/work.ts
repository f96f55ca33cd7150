import type { CodeCell } from "../../src/language/index.ts";
import type { LanguageAnswers, LanguageQuestion } from "../../src/protocol/index.ts";

/** A question with all that it is about. */
export interface Work {
  readonly id: number;
  /** Folder of the workbook. */
  readonly directory: string;
  /** File of the workbook: its programs are kept from one question to the next. */
  readonly file: string;
  readonly cells: readonly CodeCell[];
  readonly question: LanguageQuestion;
}

export type Answer = LanguageAnswers[LanguageQuestion["type"]];

/** What the thread answers. */
export type Worked = { readonly id: number } & (
  | { readonly answer: Answer }
  | { readonly error: string }
);

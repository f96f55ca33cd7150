import type { Matches } from "../../src/language/index.ts";
import type { Stripped } from "../../src/workbook/index.ts";
import type { Completeness } from "./completeness.ts";

/** What the language thread starts with. */
export interface LanguageData {
  readonly directory: string;
  /** Code that was executed before it started. */
  readonly executed: readonly string[];
}

/** What the language thread is asked. */
export type Ask = { readonly id: number; readonly code: string } & (
  | { readonly type: "executed" | "completeness" }
  | { readonly type: "strip"; readonly expression: boolean }
  | { readonly type: "complete" | "inspect"; readonly offset: number }
);

/** What it answers; to an inspection a text, to "executed" nothing. */
export interface Answer {
  readonly id: number;
  readonly value?: Matches | Completeness | Stripped | string | undefined;
  readonly error?: string;
}

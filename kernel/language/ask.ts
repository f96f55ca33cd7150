import type { Completions } from "./language.ts";

/** What the language thread starts with. */
export interface LanguageData {
  readonly directory: string;
}

/** What the language thread is asked. */
export type Ask = { readonly id: number; readonly code: string } & (
  | { readonly type: "executed" }
  | { readonly type: "complete" | "inspect"; readonly offset: number }
);

/** What it answers; to an inspection a text, to "executed" nothing. */
export interface Answer {
  readonly id: number;
  readonly value?: Completions | string | undefined;
  readonly error?: string;
}

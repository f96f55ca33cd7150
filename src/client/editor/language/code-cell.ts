import type { OpenDocument } from "../open-document.ts";
import type { LanguageService } from "./language-service.ts";

/** A code cell as the language features of its editor see it. */
export interface CodeCellParts {
  readonly id: string;
  readonly service: LanguageService;
  readonly document: OpenDocument;
  /** Goes to where the name at an offset is declared. */
  define(offset: number): void;
}

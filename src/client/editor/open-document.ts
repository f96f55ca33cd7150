import type { DocumentModel } from "../document/index.ts";

/** The document of a page as an editor sees it. */
export type OpenDocument = Pick<
  DocumentModel,
  | "content"
  | "edit"
  | "type"
  | "pause"
  | "undo"
  | "redo"
  | "undoLabel"
  | "redoLabel"
  | "apply"
  | "save"
>;

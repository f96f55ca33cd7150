export type { ModelChange } from "./change.ts";
export { DocumentModel, type DocumentParts, type EditOptions } from "./document-model.ts";
export type { Place } from "./undo-history.ts";

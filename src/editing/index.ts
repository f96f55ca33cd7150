export { apply, applyOperation, cellOf, EditError } from "./apply.ts";
export * from "./cells.ts";
export { editedOf, workbookOf } from "./content.ts";
export { difference } from "./difference.ts";
export { invert } from "./invert.ts";
export { type Mapped, mapOver } from "./map.ts";
export { type Merged, merge } from "./merge.ts";
export { newCellId } from "./new-id.ts";
export { changeSetOf, changesBetween, jsonOf, textOf } from "./text.ts";

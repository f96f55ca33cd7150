export { ConflictView } from "./conflict-view.ts";

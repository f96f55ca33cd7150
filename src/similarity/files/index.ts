import "./environment.ts";

export { type ResultFolderOptions, resultFolder } from "./result-folder.ts";

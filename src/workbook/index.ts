export { analyse } from "./analyse/analyse.ts";
export { type Use, usesOf } from "./analyse/uses.ts";
export {
  type BrowserBuiltin,
  type Builtins,
  browserBuiltins,
  builtins,
  type ExecutionBuiltin,
  executionBuiltins,
  type KernelBuiltin,
  kernelBuiltins,
  moduleBuiltins,
} from "./builtins.ts";
export { bodyLinesBefore, type Connections, compileBrowser } from "./compile/compile-browser.ts";
export {
  type CompiledExecution,
  compileExecution,
  type ExecutionFunction,
  type ExecutionNames,
} from "./compile/compile-execution.ts";
export {
  type CompiledKernel,
  compileKernel,
  type ImportModule,
  type KernelFunction,
  type KernelValues,
} from "./compile/compile-kernel.ts";
export {
  loadTypeScript,
  type Stripped,
  type StripTypes,
  type StripTypesNow,
  stripperOf,
} from "./compile/strip-types.ts";
export { type Converted, markdownToObservable, observableToMarkdown } from "./conversion.ts";
export { filePosition } from "./file-position.ts";
export {
  formatOf,
  headLength,
  parseWorkbook,
  serialiseWorkbook,
  type WorkbookFormat,
  whyNoWorkbook,
  workbookEndings,
  workbookFormats,
} from "./format.ts";
export { hash } from "./hash.ts";
export { highlight } from "./highlight.ts";
export { positionAt } from "./lines.ts";
export { headingOf, parse } from "./markdown/parse.ts";
export { serialise } from "./markdown/serialise.ts";
export { type FromNotebook, fromNotebook } from "./notebook/from-notebook.ts";
export { readNotebook } from "./notebook/notebook.ts";
export { type NotebookRun, toNotebook } from "./notebook/to-notebook.ts";
export { type CheckOptions, check, type Finding } from "./resolve/check.ts";
export type * from "./resolve/graph.ts";
export { type ResolveOptions, resolve } from "./resolve/resolve.ts";
export type * from "./workbook.ts";

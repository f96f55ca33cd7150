export { analyse } from "./analyse.ts";
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
export { type CheckOptions, check, type Finding } from "./check.ts";
export { bodyLinesBefore, type Connections, compileBrowser } from "./compile-browser.ts";
export {
  type CompiledExecution,
  compileExecution,
  type ExecutionFunction,
  type ExecutionNames,
} from "./compile-execution.ts";
export {
  type CompiledKernel,
  compileKernel,
  type ImportModule,
  type KernelFunction,
  type KernelValues,
} from "./compile-kernel.ts";
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
export type * from "./graph.ts";
export { hash } from "./hash.ts";
export { highlight } from "./highlight.ts";
export { positionAt } from "./lines.ts";
export { type FromNotebook, fromNotebook } from "./notebook/from-notebook.ts";
export { readNotebook } from "./notebook/notebook.ts";
export { type NotebookRun, toNotebook } from "./notebook/to-notebook.ts";
export { headingOf, parse } from "./parse.ts";
export { type ResolveOptions, resolve } from "./resolve.ts";
export { serialise } from "./serialise.ts";
export {
  loadTypeScript,
  type Stripped,
  type StripTypes,
  type StripTypesNow,
  stripperOf,
} from "./strip-types.ts";
export { type Use, usesOf } from "./uses.ts";
export type * from "./workbook.ts";

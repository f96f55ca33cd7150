import { createRequire } from "node:module";
import { dirname } from "node:path";
import type typescript from "typescript";

const require = createRequire(import.meta.url);

/** TypeScript, required and not imported: before an import Node looks for names in its nine megabytes. */
export const ts: typeof typescript = require(
  import.meta.url.endsWith(".ts") ? "typescript" : "./typescript.cjs",
);

/** Where TypeScript keeps the declarations of the language itself: the built one is not beside them. */
export const libraryFolder: string = dirname(require.resolve("typescript"));

import { createRequire } from "node:module";
import { dirname } from "node:path";
import type typescript from "typescript";
import { requireCompiled } from "./compiled.ts";

const require = createRequire(import.meta.url);

/**
 * TypeScript, required and not imported: before an import Node looks for names in its nine megabytes. What is
 * compiled of it is kept where `NODE_COMPILE_CACHE` says.
 */
export const ts: typeof typescript = requireCompiled(
  require.resolve(import.meta.url.endsWith(".ts") ? "typescript" : "./typescript.cjs"),
  process.env["NODE_COMPILE_CACHE"],
) as typeof typescript;

/** Where TypeScript keeps the declarations of the language itself: the built one is not beside them. */
export const libraryFolder: string = dirname(require.resolve("typescript"));

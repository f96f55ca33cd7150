import { createRequire } from "node:module";
import type typescript from "typescript";

/** TypeScript, required and not imported: before an import Node looks for names in its nine megabytes. */
export const ts: typeof typescript = createRequire(import.meta.url)("typescript");

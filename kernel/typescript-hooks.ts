/*
 * Runs on Node's loader thread, on versions of Node that do not read TypeScript themselves: modules
 * that a workbook imports may be .ts files. Types are blanked, so that positions stay.
 */
import { readFile } from "node:fs/promises";
import type { LoadHook } from "node:module";
import { fileURLToPath } from "node:url";
import blank from "ts-blank-space";

const typed = /^file:.*\.m?ts$/;

export const load: LoadHook = async (url, context, next) => {
  if (!typed.test(url)) return next(url, context);
  const path = fileURLToPath(url);
  const text = await readFile(path, "utf8");
  const source = blank(text, (node) => {
    const [found] = text.slice(node.pos, node.end).trim().split("\n");
    throw new SyntaxError(
      `Cannot import ${path}: expected types that can be erased, found ${found}`,
    );
  });
  return { format: "module", source, shortCircuit: true };
};

import { dirname, resolve as resolvePath } from "node:path";
import { check, type Finding, parseWorkbook, resolve } from "../../src/workbook/index.ts";
import { browserGlobals, kernelGlobals } from "./globals.ts";
import { missingFiles } from "./missing-files.ts";
import { typeErrors } from "./type-errors.ts";

/**
 * What is wrong with a workbook's text, in the order of the file. Nothing of it is run.
 *
 * @param path of the workbook: what its cells name is relative to its folder
 */
export async function findingsOf(text: string, path: string): Promise<Finding[]> {
  const workbook = parseWorkbook(path, text);
  const graph = await resolve(workbook);
  const globals = { kernel: kernelGlobals(), browser: browserGlobals() };
  const found = check(workbook, graph, { globals });
  const directory = dirname(resolvePath(path));
  const untyped = [...found, ...(await missingFiles(graph, directory))];
  const types = typeErrors(workbook, graph, directory, untyped);
  return [...untyped, ...types].toSorted((a, b) => a.line - b.line || a.column - b.column);
}

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Finding, type Graph, type ResolvedCell, usesOf } from "../../src/workbook/index.ts";

/** Functions of the library whose first argument names a file or folder. */
const openers: ReadonlySet<string> = new Set(["openSeries", "openCheckpoint", "openAdapter"]);

interface Named {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Files and folders that kernel cells name in so many words, to open or to import, and that are not
 * there. Packages are not looked for.
 *
 * @param directory folder of the workbook
 */
export async function missingFiles(graph: Graph, directory: string): Promise<Finding[]> {
  const kernel = [...graph.cells.values()].filter(({ cell }) => cell.kind === "kernel");
  const named = kernel.flatMap((resolved) =>
    [...opened(resolved, directory), ...imported(resolved, directory)].map((file) => ({
      cell: resolved.cell,
      ...file,
    })),
  );
  const found = await Promise.all(
    named.map(async ({ cell, path, line, column }): Promise<Finding[]> => {
      if (await stat(path).catch(() => undefined)) return [];
      const message = `There is no file or folder ${path}`;
      const at = { cell: cell.id, line: cell.line + line - 1, column };
      return [{ severity: "error", kind: "missing", message, ...at }];
    }),
  );
  return found.flat();
}

function opened({ analysis }: ResolvedCell, directory: string): Named[] {
  return usesOf(analysis).uses.flatMap(({ how, path, text, line, column }) => {
    const isOpener = how === "call" && openers.has(path.split(".").at(-1)!);
    if (!isOpener || text === undefined) return [];
    return [{ path: resolve(directory, text), line, column }];
  });
}

function imported({ analysis }: ResolvedCell, directory: string): Named[] {
  const dynamic = usesOf(analysis).uses.flatMap(({ path, text, line, column }) =>
    path === "import" && text !== undefined ? [{ specifier: text, line, column }] : [],
  );
  return [...analysis.imports, ...dynamic].flatMap(({ specifier, line, column }) => {
    const path = fileOf(specifier, directory);
    return path === undefined ? [] : [{ path, line, column }];
  });
}

/** The file that a specifier names, undefined for a package or another kind of address. */
function fileOf(specifier: string, directory: string): string | undefined {
  if (!/^(?:\.{0,2}\/|file:)/.test(specifier)) return undefined;
  try {
    const from = pathToFileURL(resolve(directory, "workbook.js"));
    const { href, protocol } = new URL(specifier, from);
    return protocol === "file:" ? fileURLToPath(href.replace(/[?#].*$/, "")) : undefined;
  } catch {
    return undefined;
  }
}

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type Finding,
  filePosition,
  type Graph,
  type ResolvedCell,
  usesOf,
} from "../../src/workbook/index.ts";

/** Functions of the library whose first argument names a file or folder. */
const openers: ReadonlySet<string> = new Set(["openSeries", "openCheckpoint", "openAdapter"]);

/** Functions of Node, and of the kernel, that read what their first argument names. */
const readers: ReadonlySet<string> = new Set([
  "readFile",
  "readFileSync",
  "createReadStream",
  "readdir",
  "readdirSync",
  "image",
]);

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
  const handled = handledOtherwise(kernel, directory);
  const named = kernel.flatMap((resolved) =>
    [
      ...called(openers, resolved, directory),
      ...called(readers, resolved, directory).filter(({ path }) => !handled.has(path)),
      ...imported(resolved, directory),
    ].map((file) => ({
      cell: resolved.cell,
      ...file,
    })),
  );
  const found = await Promise.all(
    named.map(async ({ cell, path, line, column }): Promise<Finding[]> => {
      if (await stat(path).catch(() => undefined)) return [];
      const message = `There is no file or folder ${path}`;
      const at = filePosition(cell, { line, column });
      return [{ severity: "error", kind: "missing", message, cell: cell.id, ...at }];
    }),
  );
  return found.flat();
}

/** Where calls of these functions name a file as their first argument. */
function called(
  functions: ReadonlySet<string>,
  { analysis }: ResolvedCell,
  directory: string,
): Named[] {
  return usesOf(analysis).uses.flatMap(({ how, path, text, line, column }) => {
    const isMeant = how === "call" && functions.has(lastOf(path));
    if (!isMeant || text === undefined) return [];
    return [{ path: resolve(directory, text), line, column }];
  });
}

/** Files that are not only read: a cell may write them, or ask whether they are there. */
function handledOtherwise(cells: readonly ResolvedCell[], directory: string): ReadonlySet<string> {
  const paths = cells.flatMap(({ analysis }) =>
    usesOf(analysis).uses.flatMap(({ path, text }) =>
      text === undefined || readers.has(lastOf(path)) ? [] : [resolve(directory, text)],
    ),
  );
  return new Set(paths);
}

function lastOf(path: string): string {
  return path.split(".").at(-1)!;
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

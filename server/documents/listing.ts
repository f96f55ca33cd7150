import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { WorkbookEntry, WorkbookList } from "../../src/protocol/index.ts";
import { formatOf, headLength, parseWorkbook } from "../../src/workbook/index.ts";
import type { WorkbookFolder } from "./folder.ts";

/** Bounds of one listing: a root may be somebody's home. */
const most = { workbooks: 500, pages: 2_000, folders: 2_000, depth: 8 } as const;
/** Folders that hold no workbooks, whatever is in them. */
const skipped = new Set(["node_modules", "data"]);

/**
 * The workbooks under the root, sorted by path. A file that cannot be read is listed with the reason;
 * names that begin with a dot, `node_modules`, `data`, and HTML that is no notebook are passed over.
 */
export async function listWorkbooks(folder: WorkbookFolder): Promise<WorkbookList> {
  const { paths, truncated } = await findWorkbooks(folder);
  const workbooks: WorkbookEntry[] = [];
  for (const path of paths) workbooks.push(await describe(folder, path));
  return truncated ? { workbooks, truncated } : { workbooks };
}

async function describe(folder: WorkbookFolder, path: string): Promise<WorkbookEntry> {
  const name = basename(path, extname(path));
  try {
    const { text } = await folder.read(path);
    const { title, summary } = parseWorkbook(path, text.slice(0, headLength));
    return {
      path,
      title: title || name,
      summary,
      ...(isDocument(path, text) && { document: true }),
    };
  } catch (error) {
    return { path, title: name, summary: "", error: (error as Error).message };
  }
}

/**
 * Whether it is Markdown in which nothing is code to be run, such as the README.md of a package. A title
 * alone is a workbook that was just made.
 */
function isDocument(path: string, text: string): boolean {
  if (/^\s*(#[^\n]*\s*)?$/.test(text)) return false;
  const holdsCode = (part: string) =>
    parseWorkbook(path, part).cells.some(({ kind }) => kind !== "prose");
  if (!path.endsWith(".md") || holdsCode(text.slice(0, headLength))) return false;
  return text.length <= headLength || !holdsCode(text);
}

/** Breadth first, so that what is near the root is found before the bounds are reached. */
async function findWorkbooks(
  served: WorkbookFolder,
): Promise<{ paths: string[]; truncated: boolean }> {
  const { root } = served;
  const paths: string[] = [];
  let pages = 0;
  const folders = [""];
  for (const [visited, folder] of folders.entries()) {
    if (visited >= most.folders) return { paths: paths.sort(), truncated: true };
    const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".")) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name) && path.split("/").length <= most.depth) folders.push(path);
      } else if (formatOf(entry.name)) {
        // Every Markdown file may become a workbook; of HTML files only those that hold a notebook.
        if (!path.endsWith(".md")) {
          if (pages++ >= most.pages) return { paths: paths.sort(), truncated: true };
          if (!(await served.holds(path))) continue;
        }
        if (paths.length >= most.workbooks) return { paths: paths.sort(), truncated: true };
        paths.push(path);
      }
    }
  }
  return { paths: paths.sort(), truncated: false };
}

import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { WorkbookEntry, WorkbookList } from "../../src/protocol/index.ts";
import { parse } from "../../src/workbook/index.ts";
import type { WorkbookFolder } from "./folder.ts";

/** Bounds of one listing: a root may be somebody's home. */
const most = { workbooks: 500, folders: 2_000, depth: 8 } as const;
/** Characters of a file that are looked through for its title and summary. */
const longestHead = 64 * 1024;
/** Folders that hold no workbooks, whatever is in them. */
const skipped = new Set(["node_modules", "data"]);

/**
 * The workbooks under the root, sorted by path. A file that cannot be read is listed with the reason;
 * names that begin with a dot, `node_modules` and `data` are passed over.
 */
export async function listWorkbooks(folder: WorkbookFolder): Promise<WorkbookList> {
  const { paths, truncated } = await findWorkbooks(folder.root);
  const workbooks: WorkbookEntry[] = [];
  for (const path of paths) workbooks.push(await describe(folder, path));
  return truncated ? { workbooks, truncated } : { workbooks };
}

async function describe(folder: WorkbookFolder, path: string): Promise<WorkbookEntry> {
  const name = basename(path, ".md");
  try {
    const { text } = await folder.read(path);
    const { title, summary } = parse(text.slice(0, longestHead));
    return { path, title: title || name, summary };
  } catch (error) {
    return { path, title: name, summary: "", error: (error as Error).message };
  }
}

/** Breadth first, so that what is near the root is found before the bounds are reached. */
async function findWorkbooks(root: string): Promise<{ paths: string[]; truncated: boolean }> {
  const paths: string[] = [];
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
      } else if (entry.name.endsWith(".md")) {
        if (paths.length >= most.workbooks) return { paths: paths.sort(), truncated: true };
        paths.push(path);
      }
    }
  }
  return { paths: paths.sort(), truncated: false };
}

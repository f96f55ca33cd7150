import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isCheckpointName, stepOf } from "../../src/checkpoint/index.ts";
import type { CheckpointFolder, CheckpointFolders } from "../../src/protocol/index.ts";

/** Bounds of one listing. */
export interface ListingBounds {
  /** Folders looked into, and files of checkpoints counted. */
  readonly folders: number;
  readonly files: number;
  /** Folders told. */
  readonly found: number;
  /** Names in the path of a folder. */
  readonly depth: number;
}

/** A root may be somebody's home. */
const usualBounds: ListingBounds = { folders: 3_000, files: 50_000, found: 500, depth: 8 };

interface Counted {
  files: number;
  bytes: number;
  steps: number[];
}

/**
 * The folders of checkpoints under a root, told by the names of files; nothing is opened, and no link is
 * followed. What lies in a folder named by a step, such as `checkpoint-1000`, belongs to the one above.
 *
 * @throws the signal's reason when it aborts
 */
export async function listCheckpoints(
  root: string,
  signal?: AbortSignal,
  most: ListingBounds = usualBounds,
): Promise<CheckpointFolders> {
  const found = new Map<string, Counted>();
  let [files, truncated] = [0, false];
  const folders = [""];
  for (const [visited, folder] of folders.entries()) {
    signal?.throwIfAborted();
    if (visited >= most.folders || files > most.files) {
      truncated = true;
      break;
    }
    const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (path.split("/").length <= most.depth) folders.push(path);
        else truncated = true;
      } else if (entry.isFile() && isCheckpointName(entry.name)) {
        if (++files > most.files) break;
        await count(root, path, seriesFolder(folder), found);
      }
    }
  }
  const all = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(described);
  const isMore = truncated || files > most.files || all.length > most.found;
  return { folders: all.slice(0, most.found), ...(isMore && { truncated: true }) };
}

async function count(
  root: string,
  path: string,
  folder: string,
  found: Map<string, Counted>,
): Promise<void> {
  const state = await stat(join(root, path)).catch(() => undefined);
  if (!state) return;
  const counted = found.get(folder) ?? { files: 0, bytes: 0, steps: [] };
  counted.files++;
  counted.bytes += state.size;
  const step = stepOf(folder === "" ? path : path.slice(folder.length + 1));
  if (step !== undefined) counted.steps.push(step);
  found.set(folder, counted);
}

/** The folder whose series a file belongs to. */
function seriesFolder(folder: string): string {
  const parts = folder.split("/");
  const isStep = folder !== "" && stepOf(parts.at(-1)!) !== undefined;
  return isStep ? parts.slice(0, -1).join("/") : folder;
}

function described([path, { files, bytes, steps }]: [string, Counted]): CheckpointFolder {
  const ends = steps.reduce<[number, number] | undefined>(
    (range, step) => (range ? [Math.min(range[0], step), Math.max(range[1], step)] : [step, step]),
    undefined,
  );
  return { path, files, bytes, ...(ends && { steps: ends }) };
}

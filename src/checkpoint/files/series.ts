import { open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Adapter, type AdapterLike, checkSettings, type Settings } from "../../model/index.ts";
import { formatOf } from "../format.ts";
import {
  CheckpointError,
  type CheckpointSeries,
  type LeftOut,
  type SeriesEntry,
  seriesOf,
  stepOf,
} from "../index.ts";
import { stemOf } from "../series/entry.ts";
import { adapterBeside, adapterFile, adapterMeant } from "./adapter.ts";
import { fileSource, unreadable } from "./source.ts";

/** Which files of a folder {@link openSeries} takes, and how it reads them. */
export interface FolderOptions {
  /**
   * Reads every checkpoint: an adapter, the name of one of Simile's, or the path of a JSON file that
   * describes one. Default: what the file simile.json of the folder describes, else of those that come
   * with Simile the one that fits most files.
   */
  readonly adapter?: string | Adapter | AdapterLike;
  /**
   * What the tensors do not hold: heads, rotary base, residual and so on. Goes before what the adapter
   * says, and that before what a checkpoint's metadata says.
   */
  readonly settings?: Settings;
  /**
   * Takes only files whose path below the folder matches: `*` stands for any characters but "/", `?` for
   * one of them. With a "/" it reaches into folders, e.g. `seed_?/step_500.pt`. Default: the files of the
   * folder, and of folders named by a step such as `checkpoint-1000`.
   */
  readonly pattern?: string;
  /** Is told how many files have been looked into, of how many. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * The checkpoints in a folder as a series, in the order of the training steps in their names. Files are
 * looked into, not read: numbers are loaded when asked for. Nothing in them is run. Files that are no
 * checkpoints are left out, files that cannot be read are described as failed. A relative path starts at
 * the current directory; a file that changes after this call rejects when it is next read.
 *
 * @throws {CheckpointError} when the folder or the adapter's file cannot be read, or there is no readable
 * checkpoint, or the adapter asked for fits none
 * @throws {AdapterError} when the adapter is none, or a setting has a value that it cannot have
 * @throws the signal's reason when it aborts
 */
export async function openSeries(
  folder: string,
  options: FolderOptions = {},
): Promise<CheckpointSeries> {
  const { pattern, settings = {}, progress, signal } = options;
  checkSettings(settings);
  if (folder.trim() === "") {
    throw new CheckpointError('Cannot open a series: expected the path of a folder, found ""');
  }
  const meant = options.adapter === undefined ? undefined : await adapterMeant(options.adapter);
  const listing = new Listing(folder, pattern);
  await listing.walk("", pattern === undefined ? 1 : pattern.split("/").length - 1, signal);
  const adapter = meant ?? (await adapterBeside(folder));
  return seriesOf(listing.entries, {
    source: folder,
    settings,
    leftOut: listing.leftOut,
    ...(adapter && { adapter }),
    ...(progress && { progress }),
    ...(signal && { signal }),
  });
}

/** Milliseconds after which a change of a file shows in its time: some file systems count whole seconds. */
const settling = 2500;

/** Walks a folder, parting what may be a checkpoint from what is not. */
class Listing {
  readonly entries: SeriesEntry[] = [];
  readonly leftOut: LeftOut[] = [];
  private readonly folder: string;
  private readonly root: string;
  private readonly pattern: string | undefined;
  private readonly matches: RegExp | undefined;

  constructor(folder: string, pattern: string | undefined) {
    this.folder = folder;
    // Resolved now: the current directory may be another when a network is read.
    this.root = resolve(folder);
    this.pattern = pattern;
    this.matches = pattern === undefined ? undefined : expressionOf(pattern);
  }

  async walk(below: string, depth: number, signal: AbortSignal | undefined): Promise<void> {
    let names: string[];
    try {
      names = await readdir(join(this.root, below));
    } catch (error) {
      throw unreadable(join(this.folder, below), error);
    }
    for (const name of names.sort()) {
      signal?.throwIfAborted();
      if (!name.startsWith(".")) await this.add(below + name, depth, signal);
    }
  }

  private async add(name: string, depth: number, signal: AbortSignal | undefined): Promise<void> {
    const path = join(this.root, name);
    const state = await stat(path, { bigint: true }).catch(() => undefined);
    const size = Number(state?.size ?? 0);
    const leave = (reason: string): void => {
      this.leftOut.push({ name, size, reason });
    };
    if (state === undefined) return leave("a link to nothing, or removed meanwhile");
    if (state.isDirectory()) {
      const wanted = this.matches !== undefined || stepOf(name) !== undefined;
      if (depth > 0 && wanted) return this.walk(`${name}/`, depth - 1, signal);
      return this.matches === undefined ? leave("a folder without a step in its name") : undefined;
    }
    if (this.matches !== undefined && !this.matches.test(name)) {
      return leave(`does not match "${this.pattern}"`);
    }
    if (!state.isFile()) return leave("not a file");
    if (name === adapterFile) return leave("not a checkpoint but an adapter, by its name");
    const shown = join(this.folder, name);
    if (this.matches === undefined && stemOf(name) === name && !(await looksLikeOne(path))) {
      return leave("not a checkpoint, by its name and its first bytes");
    }
    const expected = { size, mtimeNs: state.mtimeNs, ino: state.ino };
    // A file this new may change once more at what its system's clock calls the same time.
    const settled = Date.now() - Number(state.mtimeMs) > settling;
    this.entries.push({
      name,
      size,
      ...(settled && { state: [path, size, state.mtimeNs, state.ino].join(" ") }),
      open: () => fileSource(path, shown, expected),
    });
  }
}

/** Whether the first bytes are a checkpoint's; false as well for what cannot be read. */
async function looksLikeOne(path: string): Promise<boolean> {
  const handle = await open(path, "r").catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(16), 0, 16, 0);
    return formatOf(buffer.subarray(0, bytesRead)) !== undefined;
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}

function expressionOf(pattern: string): RegExp {
  const parts = [...pattern].map((sign) => {
    if (sign === "*") return "[^/]*";
    return sign === "?" ? "[^/]" : sign.replace(/[.+^${}()|[\]\\]/, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "u");
}

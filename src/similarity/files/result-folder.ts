import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join, resolve } from "node:path";
import { replaceFile } from "../../checkpoint/files/index.ts";
import type { KeptProducts, PairProducts, ResultStore } from "../index.ts";
import { recordOf, recordsIn } from "./record.ts";

/** Options of {@link resultFolder}. */
export interface ResultFolderOptions {
  /** Bytes the folder may take; the results unused longest go first. Default 1 GiB. */
  readonly limit?: number;
}

/** A file whose time is older than this is marked as used when it is read. */
const oftenEnough = 3_600_000;
/** Share of the limit that is left when results have to go. */
const left = 0.8;
/** A file larger than this share of the limit is not added to. */
const mostOfOne = 1 / 16;
const extension = ".products";

/**
 * Results kept in a folder, a file for each first network under each comparison, to which pairs are
 * appended as they are computed. Any number of processes may share it. A record that was torn or damaged
 * is found by its seal, is never given out, and is taken out of its file. Nothing is written before there
 * is something to keep.
 *
 * @throws {RangeError} when the limit is not a number above 0
 */
export function resultFolder(
  folder: string,
  { limit = 2 ** 30 }: ResultFolderOptions = {},
): ResultStore {
  if (!(limit > 0)) {
    throw new RangeError(`Cannot keep results: expected a limit above 0 bytes, found ${limit}`);
  }
  /** Bytes of the folder, as far as this process knows. */
  let taken: number | undefined;
  // Resolved now: the current directory may be another when results are kept.
  const files = new Files(resolve(folder));

  return {
    async read(comparison, first): Promise<KeptProducts> {
      const name = nameOf(comparison, first);
      const path = files.path(name);
      const bytes = await readFile(path).catch(() => undefined);
      if (bytes === undefined) return { products: new Map(), damaged: 0 };
      const { products, damaged } = recordsIn(name, bytes);
      if (damaged > 0) await mend(path, name, products);
      else await touch(path);
      return { products: new Map(products.map((one) => [one.second, one])), damaged };
    },
    async append(comparison, first, products) {
      const name = nameOf(comparison, first);
      const bytes = Buffer.concat(products.map((product) => recordOf(name, product)));
      try {
        await appendTo(files.path(name), bytes, limit * mostOfOne);
      } catch (error) {
        throw refused(folder, error);
      }
      taken = taken === undefined ? await files.bytes() : taken + bytes.length;
      if (taken > limit) taken = await files.trim(limit * left);
    },
  };
}

/** The file of a first network under a comparison. */
function nameOf(comparison: string, first: string): string {
  return createHash("sha256").update(`${comparison} ${first}`).digest("hex").slice(0, 40);
}

/** In one write, so that processes that append to one file do not mix their records. */
async function appendTo(path: string, bytes: Buffer, most: number): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  const handle = await open(path, "a");
  try {
    const { size } = await handle.stat();
    if (size + bytes.length > most) return;
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten < bytes.length) throw new Error("no space left on device");
  } finally {
    await handle.close();
  }
}

/** Leaves only whole records. What another process appends at this moment is lost, not damaged. */
async function mend(path: string, name: string, products: readonly PairProducts[]): Promise<void> {
  const bytes = Buffer.concat(products.map((product) => recordOf(name, product)));
  await replaceFile(path, bytes).catch(() => undefined);
}

/** Marks a file as used. */
async function touch(path: string): Promise<void> {
  const state = await stat(path).catch(() => undefined);
  const now = Date.now();
  if (state === undefined || now - state.mtimeMs < oftenEnough) return;
  await utimes(path, new Date(now), new Date(now)).catch(() => undefined);
}

function refused(folder: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: "no space left on device",
    EACCES: "permission denied",
    EROFS: "the file system is read-only",
  };
  return new Error(`Cannot keep results in ${folder}: ${reasons[code ?? ""] ?? message}`, {
    cause: error,
  });
}

interface Kept {
  readonly path: string;
  readonly size: number;
  readonly used: number;
}

/** The files of a result folder. */
class Files {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  path(name: string): string {
    return join(this.#folder, name.slice(0, 2), name + extension);
  }

  async bytes(): Promise<number> {
    return (await this.#all()).reduce((sum, { size }) => sum + size, 0);
  }

  /** Removes those unused longest until at most `bytes` are left; how many that are. */
  async trim(bytes: number): Promise<number> {
    const all = (await this.#all()).sort((a, b) => a.used - b.used);
    let taken = all.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of all) {
      if (taken <= bytes) break;
      await rm(path, { force: true }).catch(() => undefined);
      taken -= size;
    }
    return taken;
  }

  async #all(): Promise<Kept[]> {
    const names = await readdir(this.#folder, { recursive: true }).catch(() => [] as string[]);
    const found: Kept[] = [];
    for (const name of names) {
      if (!name.endsWith(extension)) continue;
      const path = join(this.#folder, name);
      const state = await stat(path).catch(() => undefined);
      if (state) found.push({ path, size: state.size, used: state.mtimeMs });
    }
    return found;
  }
}

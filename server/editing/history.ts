import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import type { HistoryEntry } from "../../src/protocol/index.ts";

/** What is kept of one document: newest first, as far as all three go. */
const most = {
  versions: 1_000,
  bytes: 64 * 1024 * 1024,
  milliseconds: 90 * 24 * 3_600_000,
} as const;

/**
 * The texts that a document's file has had, each kept once under the hash of what it says, in a folder of
 * the document's own.
 */
export class History {
  readonly #folder: string;
  #entries: HistoryEntry[] | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  /**
   * @param folder where histories are; made when first needed
   * @param document real path of the document's file
   */
  constructor(folder: string, document: string) {
    const name = createHash("sha256").update(document).digest("hex").slice(0, 32);
    this.#folder = join(folder, name);
  }

  /** Keeps a text, unless it is the newest one already. */
  keep(text: string, cause: HistoryEntry["cause"], time: number = Date.now()): Promise<void> {
    const keeping = this.#writing.then(() => this.#keep(text, cause, time));
    this.#writing = keeping.catch(() => {});
    return keeping;
  }

  /** What is kept, newest first. */
  async list(): Promise<readonly HistoryEntry[]> {
    await this.#writing;
    return (await this.#read()).toReversed();
  }

  /** The text of a version; undefined when it is not kept. */
  async text(version: string): Promise<string | undefined> {
    if (!/^[0-9a-f]{64}$/.test(version)) return undefined;
    return readFile(join(this.#folder, version), "utf8").catch(() => undefined);
  }

  /** The document has another path from now on; its history goes along. */
  async move(to: History): Promise<void> {
    await this.#writing;
    this.#entries = undefined;
    await rename(this.#folder, to.#folder).catch(() => {});
  }

  async #keep(text: string, cause: HistoryEntry["cause"], time: number): Promise<void> {
    const version = createHash("sha256").update(text).digest("hex");
    const entries = await this.#read();
    if (entries.at(-1)?.version === version) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.#folder, version), text, { mode: 0o600, flag: "wx" }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      },
    );
    const all = [...entries, { version, time, bytes: Buffer.byteLength(text), cause }];
    this.#entries = bounded(all, time);
    const lines = this.#entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    await replaceFile(join(this.#folder, "versions"), lines, 0o600);
    if (this.#entries.length < all.length) await this.#sweep();
  }

  async #read(): Promise<HistoryEntry[]> {
    this.#entries ??= await readFile(join(this.#folder, "versions"), "utf8").then(
      (text) =>
        text
          .split("\n")
          .filter(Boolean)
          .map(entryOf)
          .filter((entry) => entry !== undefined),
      () => [],
    );
    return this.#entries;
  }

  /** Removes texts that no entry names any more. */
  async #sweep(): Promise<void> {
    const named = new Set(this.#entries?.map(({ version }) => version));
    for (const name of await readdir(this.#folder)) {
      if (/^[0-9a-f]{64}$/.test(name) && !named.has(name)) await rm(join(this.#folder, name));
    }
  }
}

function entryOf(line: string): HistoryEntry | undefined {
  try {
    return JSON.parse(line) as HistoryEntry;
  } catch {
    return undefined;
  }
}

/** The newest entries, as many as the bounds admit; the newest one always. */
function bounded(entries: readonly HistoryEntry[], now: number): HistoryEntry[] {
  let bytes = 0;
  let first = entries.length;
  while (first > 0) {
    const entry = entries[first - 1]!;
    bytes += entry.bytes;
    const isIn =
      entries.length - first < most.versions &&
      bytes <= most.bytes &&
      now - entry.time <= most.milliseconds;
    if (!isIn && first < entries.length) break;
    first--;
  }
  return entries.slice(first);
}

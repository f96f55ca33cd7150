import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import type { HistoryEntry } from "../../src/protocol/index.ts";
import { thinned } from "./thinned.ts";

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

  /**
   * The document has another path from now on; its history goes along, to what is kept of an earlier one
   * there. What cannot be moved stays where it is.
   */
  async move(to: History): Promise<void> {
    await this.#writing;
    const moving = to.#writing.then(() => this.#move(to)).catch(() => {});
    [this.#writing, to.#writing] = [moving, moving];
    await moving;
  }

  async #move(to: History): Promise<void> {
    const entries = await this.#read();
    if (entries.length === 0) return;
    await mkdir(to.#folder, { recursive: true, mode: 0o700 });
    for (const version of new Set(entries.map((entry) => entry.version))) {
      await copyFile(join(this.#folder, version), join(to.#folder, version));
    }
    await to.#write([...(await to.#read()), ...entries].sort((a, b) => a.time - b.time));
    await rm(this.#folder, { recursive: true, force: true });
    this.#entries = undefined;
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
    const kept = thinned(all, time);
    await this.#write(kept);
    if (kept.length < all.length) await this.#sweep();
  }

  async #write(entries: readonly HistoryEntry[]): Promise<void> {
    this.#entries = [...entries];
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    await replaceFile(join(this.#folder, "versions"), lines, { mode: 0o600 });
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

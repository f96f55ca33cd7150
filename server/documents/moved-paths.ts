import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";

/** As many renames of one folder are remembered. */
const most = 1_000;

type Move = readonly [from: string, to: string];

/** Where workbooks of one served folder went, for tabs and addresses that know the path of before. */
export class MovedPaths {
  readonly #file: string;

  /**
   * @param state folder for what Simile remembers of a person
   * @param root real path of the served folder
   */
  constructor(state: string, root: string) {
    const name = createHash("sha256").update(root).digest("hex").slice(0, 32);
    this.#file = join(state, "moved", `${name}.json`);
  }

  /** Remembers that the workbook at `from` is at `to` now, both under the root. */
  async add(from: string, to: string): Promise<void> {
    const moves = [...(await this.#read()).filter(([was]) => was !== to && was !== from)];
    moves.push([from, to]);
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    await replaceFile(this.#file, JSON.stringify(moves.slice(-most)), { mode: 0o600 });
  }

  /** The newest path of the workbook that was at `path`; undefined when it is not known to have moved. */
  async find(path: string): Promise<string | undefined> {
    const moves = new Map(await this.#read());
    let found = moves.get(path);
    for (const seen = new Set([path]); found !== undefined && !seen.has(found); ) {
      const next = moves.get(found);
      if (next === undefined) return found;
      seen.add(found);
      found = next;
    }
    return found;
  }

  async #read(): Promise<readonly Move[]> {
    try {
      return JSON.parse(await readFile(this.#file, "utf8")) as readonly Move[];
    } catch {
      return [];
    }
  }
}

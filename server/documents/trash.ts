import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import type { TrashList } from "../../src/protocol/index.ts";
import { WorkbookFileError } from "./folder.ts";

/** What is deleted stays for this long. */
const longest = 90 * 24 * 3_600_000;

/** A workbook that was deleted. */
interface Trashed {
  readonly path: string;
  readonly title: string;
  readonly time: number;
  readonly text: string;
}

/** What was deleted of one served folder, each workbook whole in a file of its own. */
export class Trash {
  readonly #folder: string;

  /**
   * @param state folder for what Simile remembers of a person
   * @param root real path of the served folder
   */
  constructor(state: string, root: string) {
    const name = createHash("sha256").update(root).digest("hex").slice(0, 32);
    this.#folder = join(state, "trash", name);
  }

  /** Puts a workbook in; it is safe there when this returns. Answers its name. */
  async put(trashed: Trashed): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const name = `${trashed.time}-${randomBytes(8).toString("hex")}`;
    await replaceFile(join(this.#folder, `${name}.json`), JSON.stringify(trashed), { mode: 0o600 });
    return name;
  }

  /** @throws {WorkbookFileError} when there is none of that name */
  async get(name: string): Promise<Trashed> {
    const trashed = /^\d+-[0-9a-f]{16}$/.test(name) ? await this.#read(name) : undefined;
    if (!trashed) throw new WorkbookFileError(`Cannot restore ${name}: it is not in the trash`);
    return trashed;
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.#folder, `${name}.json`), { force: true });
  }

  /** What is in the trash, newest first; what has been there for too long goes. */
  async list(): Promise<TrashList> {
    const files = await readdir(this.#folder).catch(() => []);
    const trash: TrashList["trash"][number][] = [];
    for (const file of files) {
      const name = file.replace(/\.json$/, "");
      if (Date.now() - Number(name.split("-")[0]) > longest) await this.remove(name);
      const trashed = await this.#read(name);
      if (!trashed) continue;
      const { path, title, time } = trashed;
      trash.push({ trashed: name, path, title, time });
    }
    return { trash: trash.sort((a, b) => b.time - a.time) };
  }

  async #read(name: string): Promise<Trashed | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#folder, `${name}.json`), "utf8")) as Trashed;
    } catch {
      return undefined;
    }
  }
}

import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Which texts a person has run, by the file they were in: hashes with spaces between. */
type Trusted = Record<string, string>;

/**
 * Which workbooks may be evaluated: those shipped with Simile, and those the person has run before, each
 * as long as its text is the one that was shipped or run. Kept outside the workbooks, so that no workbook
 * can say it of itself.
 */
export class Trust {
  readonly #file: string;
  readonly #shipped: ReadonlySet<string>;
  #writing: Promise<unknown> = Promise.resolve();

  /**
   * @param folder where to remember; made when first needed
   * @param shipped hashes of the workbooks that come with Simile
   */
  constructor(folder: string, shipped: Iterable<string>) {
    this.#file = join(folder, "trusted-workbooks.json");
    this.#shipped = new Set(shipped);
  }

  /** Whether `text` in `file` may be evaluated. A store that cannot be read trusts nothing. */
  async holds(file: string, text: string): Promise<boolean> {
    const hash = hashOf(text);
    if (this.#shipped.has(hash)) return true;
    await this.#writing;
    const trusted: unknown = (await this.#read())[file];
    return typeof trusted === "string" && trusted.split(" ").includes(hash);
  }

  /**
   * Trusts `text` in `file` from now on, in place of what was trusted in it before.
   *
   * @param before also trusted: the text that is in the file while the other is being written
   */
  add(file: string, text: string, before: string = text): Promise<void> {
    const hashes = new Set([hashOf(text), hashOf(before)]);
    const write = this.#writing.then(() => this.#add(file, [...hashes].join(" ")));
    this.#writing = write.catch(() => {});
    return write;
  }

  async #add(file: string, hashes: string): Promise<void> {
    const trusted = await this.#read();
    if (trusted[file] === hashes || this.#shipped.has(hashes)) return;
    const text = `${JSON.stringify({ ...trusted, [file]: hashes }, null, 1)}\n`;
    const folder = join(this.#file, "..");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temporary = `${this.#file}.${process.pid}`;
    try {
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, this.#file);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #read(): Promise<Trusted> {
    try {
      const value: unknown = JSON.parse(await readFile(this.#file, "utf8"));
      return typeof value === "object" && value !== null ? (value as Trusted) : {};
    } catch {
      return {};
    }
  }
}

/** SHA-256 of a workbook's text, in hexadecimal; line endings do not count. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");
}

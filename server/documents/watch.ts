import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** How long a file must be quiet before it is looked at: editors save in several steps. */
const quietMilliseconds = 50;
/** How often the file is looked at without being told: network folders tell nothing. */
const lookMilliseconds = 1000;

/**
 * Calls `changed` after the file was written, replaced, deleted or made again. The folder is watched, not
 * the file: most editors save by renaming a new file over the old one, which ends a watch on the old one.
 * A call may be one too many, never one too few; compare the text.
 */
export class FileWatch {
  readonly #file: string;
  readonly #changed: () => void;
  readonly #look: NodeJS.Timeout;
  #watcher: FSWatcher | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #seen: string | undefined;
  #closed = false;

  constructor(file: string, changed: () => void) {
    this.#file = file;
    this.#changed = changed;
    this.#watchFolder();
    void this.#compare();
    this.#look = setInterval(() => void this.#compare(), lookMilliseconds);
    this.#look.unref();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#look);
    clearTimeout(this.#quiet);
    this.#watcher?.close();
  }

  #watchFolder(): void {
    try {
      const name = basename(this.#file);
      this.#watcher = watch(dirname(this.#file), { persistent: false }, (_event, found) => {
        if (found === null || found === name) this.#touched();
      });
      // A folder that goes away ends its watch; the regular look remains.
      this.#watcher.on("error", () => this.#watcher?.close());
    } catch {
      this.#watcher = undefined;
    }
  }

  #touched(): void {
    clearTimeout(this.#quiet);
    if (!this.#closed) this.#quiet = setTimeout(this.#changed, quietMilliseconds);
  }

  async #compare(): Promise<void> {
    const found = await stat(this.#file, { bigint: true }).catch(() => undefined);
    const seen = found ? `${found.ino} ${found.size} ${found.mtimeNs}` : "none";
    const before = this.#seen;
    this.#seen = seen;
    if (before !== undefined && before !== seen) this.#touched();
  }
}

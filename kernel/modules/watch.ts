import { type FSWatcher, watch } from "node:fs";

/** Milliseconds after an event in which a save comes to its end: many are a deletion and a renaming. */
const settling = 40;
/** Milliseconds between two looks where the system has no watches left to give. */
const polling = 1_000;

/** Says when something may have happened in any of some folders. Keeps no process alive. */
export class FolderWatch {
  readonly #happened: () => void;
  readonly #watches = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;

  constructor(happened: () => void) {
    this.#happened = happened;
  }

  /** From now on these folders, and no others; true when one of them was not watched before. */
  set(folders: ReadonlySet<string>): boolean {
    for (const folder of this.#watches.keys()) if (!folders.has(folder)) this.#end(folder);
    const added = [...folders].filter((folder) => !this.#watches.has(folder));
    for (const folder of added) this.#begin(folder);
    const isBlind = this.#watches.size < folders.size;
    if (!isBlind) clearInterval(this.#poll);
    this.#poll = isBlind ? (this.#poll ?? setInterval(this.#happened, polling).unref()) : undefined;
    return added.some((folder) => this.#watches.has(folder));
  }

  close(): void {
    this.set(new Set());
    clearTimeout(this.#timer);
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#soon());
      watcher.on("error", () => this.#end(folder));
      this.#watches.set(folder, watcher);
    } catch {
      // No such folder, or no watches left: what is in it is looked at now and then.
    }
  }

  #end(folder: string): void {
    this.#watches.get(folder)?.close();
    this.#watches.delete(folder);
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#happened, settling).unref();
  }
}

/** The document of a tab, with edits that the server does not have. */
export interface Unsent {
  readonly tab: string;
  readonly path: string;
  /** When it was kept, in ms since 1970. */
  readonly time: number;
  readonly text: string;
}

const prefix = "simile unsent ";
const storeName = "unsent";

/*
 * Kept twice. `localStorage` has it when a tab goes in the middle of it, but a browser that is killed may not
 * have written it for seconds. What IndexedDB has taken outlasts the browser at once.
 */

/** Keeps what a tab has not sent, in place of what it kept of this path before. */
export function keepUnsent(unsent: Unsent): void {
  const { time, text } = unsent;
  const key = keyOf(unsent);
  try {
    localStorage.setItem(key, `${time} ${text}`);
  } catch {
    // No room, or none at all: the other has it.
  }
  void inDatabase("readwrite", (store) => store.put({ time, text }, key));
}

export function dropUnsent(unsent: Pick<Unsent, "tab" | "path">): void {
  const key = keyOf(unsent);
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept there.
  }
  void inDatabase("readwrite", (store) => store.delete(key));
}

/** What tabs have not sent of a path, the newest first, one for each tab. */
export async function unsentOf(path: string): Promise<readonly Unsent[]> {
  const found = new Map<string, Unsent>();
  const add = (key: string, time: number, text: string) => {
    if (!key.startsWith(prefix) || !key.endsWith(` ${path}`)) return;
    const tab = key.slice(prefix.length, key.length - path.length - 1);
    const before = found.get(tab);
    if (!before || before.time < time) found.set(tab, { tab, path, time, text });
  };
  try {
    for (const key of Object.keys(localStorage)) {
      const [, time, text] = /^(\d+) (.*)$/s.exec(localStorage.getItem(key) ?? "") ?? [];
      if (text !== undefined) add(key, Number(time), text);
    }
  } catch {
    // A browser that keeps nothing there.
  }
  const keys = (await inDatabase("readonly", (store) => store.getAllKeys())) ?? [];
  const values = (await inDatabase("readonly", (store) => store.getAll())) ?? [];
  for (const [index, key] of keys.entries()) {
    const { time, text } = values[index] as Pick<Unsent, "time" | "text">;
    add(String(key), time, text);
  }
  return [...found.values()].sort((a, b) => b.time - a.time);
}

function keyOf({ tab, path }: Pick<Unsent, "tab" | "path">): string {
  return `${prefix}${tab} ${path}`;
}

let opening: Promise<IDBDatabase | undefined> | undefined;

/** Asks the database; undefined where there is none. One thing is done after the other. */
async function inDatabase<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  opening ??= openDatabase();
  const database = await opening;
  try {
    // Written when it is said to be: the next moment may be the browser's last.
    const options = { durability: "strict" } as const;
    const request = ask(database!.transaction(storeName, mode, options).objectStore(storeName));
    return await answerOf(request);
  } catch {
    return undefined;
  }
}

async function openDatabase(): Promise<IDBDatabase | undefined> {
  try {
    const request = indexedDB.open("simile", 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(storeName);
    return await answerOf(request);
  } catch {
    return undefined;
  }
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

import { sessionText } from "../session-text.ts";

/** Where a tab keeps its document: the text, and whether the server has all that is in it. */
export interface TabText {
  load(): string | null;
  store(text: string, isAccepted: boolean): void;
  /** The workbook has another path from now on: what is kept of it goes along. */
  moved(path: string): void;
}

const prefix = "simile unsent ";

/**
 * Keeps a tab's document through reloads of the tab; while the server does not have all of it, through the
 * end of the tab and of the browser too, for the next tab that opens the workbook.
 *
 * @param left what an earlier tab has left behind; a reload knows better
 */
export function tabText(path: string, left?: string): TabText {
  const tab = crypto.randomUUID();
  const keyOf = (of: string) => `${prefix}${tab} ${of}`;
  let session = sessionText(`document ${path}`);
  let key = keyOf(path);
  let isKept = false;
  // Held for as long as the tab lives: what is kept under a name that nobody holds was left behind.
  void navigator.locks?.request(prefix + tab, () => new Promise<never>(() => {})).catch(() => {});
  return {
    load: () => session.load() ?? left ?? null,
    store(text, isAccepted) {
      session.store(text);
      if (isAccepted && !isKept) return;
      try {
        if (isAccepted) localStorage.removeItem(key);
        else localStorage.setItem(key, text);
        isKept = !isAccepted;
      } catch {
        // No room beyond the tab's own.
      }
    },
    moved(to) {
      const [text, before] = [session.load(), session];
      session = sessionText(`document ${to}`);
      const unsent = isKept ? localStorage.getItem(key) : null;
      if (isKept) localStorage.removeItem(key);
      key = keyOf(to);
      try {
        before.remove();
        if (text !== null) session.store(text);
        if (unsent !== null) localStorage.setItem(key, unsent);
      } catch {
        // A browser that keeps nothing has nothing to take along.
      }
    },
  };
}

/**
 * Takes what a tab that is no more has left behind of a workbook: edits that the server never had. It is
 * taken once. A tab that is reloaded has its own.
 */
export async function leftBehind(path: string): Promise<string | undefined> {
  try {
    if (sessionText(`document ${path}`).load() !== null) return undefined;
    const ours = Object.keys(localStorage).filter(
      (key) => key.startsWith(prefix) && key.endsWith(` ${path}`),
    );
    if (ours.length === 0) return undefined;
    const { held = [] } = await navigator.locks.query();
    const alive = new Set(held.map(({ name }) => name));
    const key = ours.find((one) => !alive.has(one.slice(0, one.length - path.length - 1)));
    if (key === undefined) return undefined;
    const text = localStorage.getItem(key);
    localStorage.removeItem(key);
    return text ?? undefined;
  } catch {
    // A browser that keeps nothing has nothing left.
    return undefined;
  }
}

import { sessionText } from "../session-text.ts";
import { dropUnsent, keepUnsent, type Unsent, unsentOf } from "./unsent.ts";

/** Where a tab keeps its document: the text, and whether the server has all that is in it. */
export interface TabText {
  load(): string | null;
  store(text: string, isAccepted: boolean): void;
  /** The workbook has another path from now on: what is kept of it goes along. */
  moved(path: string): void;
}

/** Names of locks that tabs hold for as long as they live. */
const lockOf = (tab: string) => `simile unsent ${tab}`;

/**
 * Keeps a tab's document through reloads of the tab; while the server does not have all of it, through the
 * end of the tab and of the browser too, for the next tab that opens the workbook.
 *
 * @param left what an earlier tab has left behind, and this one takes over
 */
export function tabText(path: string, left?: Unsent): TabText {
  const tab = crypto.randomUUID();
  let session = sessionOf(path);
  let unsent: Unsent | undefined;
  // What is kept under the name of a lock that nobody holds was left behind.
  void navigator.locks?.request(lockOf(tab), () => new Promise<never>(() => {})).catch(() => {});
  const keep = (text: string, of: string) => {
    unsent = { tab, path: of, time: Date.now(), text };
    keepUnsent(unsent);
  };
  if (left) {
    keep(left.text, path);
    dropUnsent(left);
  }
  return {
    load: () => left?.text ?? session.load()?.text ?? null,
    store(text, isAccepted) {
      if (!isAccepted) keep(text, path);
      else if (unsent) {
        dropUnsent(unsent);
        unsent = undefined;
      }
      session.store({ tab, path, time: unsent?.time ?? Date.now(), text });
    },
    moved(to) {
      const [text, before] = [session.load()?.text, session];
      path = to;
      session = sessionOf(to);
      if (unsent) {
        const old = unsent;
        keep(old.text, to);
        dropUnsent(old);
      }
      before.remove();
      if (text !== undefined) session.store({ tab, path: to, time: Date.now(), text });
    },
  };
}

/**
 * What a tab that is no more has left behind of a workbook: edits that the server never had. A tab that is
 * reloaded has its own; one that comes back with a browser that was killed may have an older one.
 */
export async function leftBehind(path: string): Promise<Unsent | undefined> {
  try {
    const found = await unsentOf(path);
    if (found.length === 0) return undefined;
    const { held = [] } = await navigator.locks.query();
    const alive = new Set(held.map(({ name }) => name));
    const left = found.filter(({ tab }) => !alive.has(lockOf(tab)));
    const session = sessionOf(path).load();
    if (!session) return left[0];
    const ours = left.find(({ tab }) => tab === session.tab);
    if (!ours || ours.time > session.time) return ours;
    dropUnsent(ours);
    return undefined;
  } catch {
    // A browser that keeps nothing has nothing left.
    return undefined;
  }
}

/** What a tab keeps of a workbook through reloads, and under which name it did. */
function sessionOf(path: string) {
  const kept = sessionText(`document ${path}`);
  return {
    load(): Pick<Unsent, "tab" | "time" | "text"> | undefined {
      const [, tab = "", time, text] = /^(\S+) (\d+) (.*)$/s.exec(kept.load() ?? "") ?? [];
      return text === undefined ? undefined : { tab, time: Number(time), text };
    },
    store: ({ tab, time, text }: Unsent) => kept.store(`${tab} ${time} ${text}`),
    remove: () => kept.remove(),
  };
}

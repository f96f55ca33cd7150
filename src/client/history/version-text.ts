import type { EditedWorkbook, HistoryEntry } from "../../protocol/index.ts";

const causes: Readonly<Record<HistoryEntry["cause"], string>> = {
  opened: "as it was opened",
  saved: "saved here",
  disk: "written by another program",
  restored: "restored here",
};

/** Why a version was kept. */
export function causeText({ cause }: HistoryEntry): string {
  return causes[cause];
}

/** When a version was kept, to be read: of today the time alone. */
export function timeText(time: number, now: number): string {
  const [then, today] = [new Date(time), new Date(now)];
  const hour = then.toLocaleTimeString(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  if (then.toDateString() === today.toDateString()) return hour;
  const isThisYear = then.getFullYear() === today.getFullYear();
  const day = then.toLocaleDateString(undefined, {
    day: "numeric",
    month: "short",
    ...(!isThisYear && { year: "numeric" }),
  });
  return `${day}, ${hour}`;
}

/**
 * Which cells of a version are others now: three of them by name.
 *
 * @param isReordered the cells that are in both stand in another order now
 */
export function cellsText(cells: readonly string[], isReordered = false): string {
  if (cells.length === 0) {
    return isReordered ? "the cells are in another order" : "the cells are as they are now";
  }
  const named = cells.slice(0, 3).join(", ");
  const more = cells.length > 3 ? ` and ${cells.length - 3} more` : "";
  return `${cells.length === 1 ? "1 cell differs" : `${cells.length} cells differ`}: ${named}${more}`;
}

/** Whether the cells that two documents share stand in another order. */
export function isReordered(one: EditedWorkbook, other: EditedWorkbook): boolean {
  const [a, b] = [one, other].map(({ cells }) => cells.map(({ id }) => id)) as [string[], string[]];
  const shared = (ids: readonly string[], others: readonly string[]) =>
    ids.filter((id) => others.includes(id)).join("\n");
  return shared(a, b) !== shared(b, a);
}

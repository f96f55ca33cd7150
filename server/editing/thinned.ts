import type { HistoryEntry } from "../../src/protocol/index.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What is kept of one document, beside what a person restored. */
const most = { versions: 2_000, bytes: 64 * 1024 * 1024 } as const;

/** Of versions older than `age`, the last of each span of `every` is kept. Oldest first. */
const grades = [
  { age: 90 * day, every: 30 * day },
  { age: 7 * day, every: day },
  { age: day, every: hour },
] as const;

/**
 * The versions that are worth keeping: all of the last day, the last of each hour for a week, of each day
 * for 90 days, of each 30 days after that. Where that is too much, those go first that stand closest to
 * their neighbours for their age, so that what is left reaches as far back as it did. The first version, the
 * newest, and what a person restored always stay.
 *
 * @param entries oldest first
 * @param now ms since 1970
 */
export function thinned(entries: readonly HistoryEntry[], now: number): HistoryEntry[] {
  const restored = new Set(
    entries.flatMap(({ cause, version }) => (cause === "restored" ? [version] : [])),
  );
  const stays = (index: number, of: readonly HistoryEntry[]) =>
    index === 0 || index === of.length - 1 || restored.has(of[index]!.version);
  const graded = entries.filter((entry, index) => {
    const next = entries[index + 1];
    const span = spanOf(entry, now);
    return stays(index, entries) || span === undefined || !next || spanOf(next, now) !== span;
  });
  return bounded(graded, now, stays);
}

/** Names the span of which one version is kept; undefined where all are. */
function spanOf({ time }: HistoryEntry, now: number): string | undefined {
  const grade = grades.find(({ age }) => now - time > age);
  return grade && `${grade.every} ${Math.floor(time / grade.every)}`;
}

function bounded(
  entries: HistoryEntry[],
  now: number,
  stays: (index: number, of: readonly HistoryEntry[]) => boolean,
): HistoryEntry[] {
  const left = [...entries];
  let bytes = left.reduce((sum, entry) => sum + entry.bytes, 0);
  while (left.length > most.versions || bytes > most.bytes) {
    let closest: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, { time }] of left.entries()) {
      if (stays(index, left)) continue;
      const gap = left[index + 1]!.time - left[index - 1]!.time;
      const relative = gap / (now - time + minute);
      if (relative < least) [closest, least] = [index, relative];
    }
    if (closest === undefined) break;
    bytes -= left.splice(closest, 1)[0]!.bytes;
  }
  return left;
}

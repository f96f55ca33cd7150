import { stepOf } from "../step.ts";
import { extensions, type LeftOut, type SeriesEntry, stemOf } from "./entry.ts";

/** A file of the series with its training step, where the names of the series hold one. */
export interface Placed {
  readonly entry: SeriesEntry;
  readonly step?: number;
}

/** The files of a series in order, and those its names rule out. */
export interface Ordered {
  readonly placed: readonly Placed[];
  readonly leftOut: readonly LeftOut[];
}

/** Files that trainers keep beside the weights. */
const besides = /^(?:optimi[sz]er|optim|scheduler|scaler|rng_state|training_args)(?:[-_.]|$)/i;
const oneOfSeveral = /-\d{5}-of-\d{5}$/;

/**
 * Files in the order of their training steps, then of their names (numbers in names by value). Where
 * most names hold a step, those without are left out; where few do, the numbers mean something else and
 * no file has a step.
 */
export function ordered(entries: readonly SeriesEntry[]): Ordered {
  const leftOut: LeftOut[] = [];
  const leave = ({ name, size }: SeriesEntry, reason: string): false => {
    leftOut.push({ name, size, reason });
    return false;
  };
  const weights = entries.filter((entry) => {
    const stem = stemOf(entry.name.slice(entry.name.lastIndexOf("/") + 1));
    if (besides.test(stem)) return leave(entry, "kept beside the weights, by its name");
    if (oneOfSeveral.test(stem)) {
      return leave(entry, "one part of a checkpoint in several files, which Simile does not join");
    }
    const better = betterFormat(entry, entries);
    return better === undefined || leave(entry, `the same checkpoint as ${better.name}`);
  });
  const found = weights.map((entry) => ({ entry, step: stepOf(entry.name) }));
  const stepped = found.filter(({ step }) => step !== undefined).length;
  const steps = 2 * stepped > found.length;
  const placed = found
    .filter(
      ({ entry, step }) =>
        !steps ||
        step !== undefined ||
        leave(entry, `no training step in its name, which ${stepped} others have`),
    )
    .map(({ entry, step }) => (steps && step !== undefined ? { entry, step } : { entry }))
    .sort((a, b) => (a.step ?? 0) - (b.step ?? 0) || natural(a.entry.name, b.entry.name));
  return { placed, leftOut };
}

function betterFormat(
  entry: SeriesEntry,
  entries: readonly SeriesEntry[],
): SeriesEntry | undefined {
  const stem = stemOf(entry.name);
  const rank = formatRank(entry);
  return entries.find((other) => stemOf(other.name) === stem && formatRank(other) < rank);
}

/** Smaller is better; what is packed comes right after the same format unpacked. */
function formatRank({ name }: SeriesEntry): number {
  const own = name.replace(/\.gz$/i, "");
  const rank = extensions.indexOf(own.slice(own.lastIndexOf(".") + 1).toLowerCase());
  return rank === -1 ? extensions.length : rank + (own === name ? 0 : 0.5);
}

const collator = new Intl.Collator("en", { numeric: true });

function natural(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

import { type Checkpoint, contentHash, recordedStep, tensorOf } from "../../checkpoint/index.ts";
import type { Finding } from "./finding.ts";

/** What is kept of a checkpoint's contents. */
export interface Contents {
  readonly index: number;
  readonly label: string;
  readonly hash: string;
  /** Euclidean norm of all its numbers. */
  readonly norm: number;
  /** The first tensor with an entry that is NaN or infinite, and how many entries are. */
  readonly notFinite?: { readonly tensor: string; readonly found: number; readonly count: number };
  /** Step in the name and step in the file, where each has one. */
  readonly named?: number;
  readonly recorded?: number;
}

export async function contentsOf(
  checkpoint: Checkpoint,
  index: number,
  label: string,
  named: number | undefined,
): Promise<Contents> {
  let squares = 0;
  let bad: Contents["notFinite"];
  for (const [tensor, stored] of checkpoint.tensors) {
    for (const entry of tensorOf(stored, tensor).data) {
      squares += entry * entry;
      if (Number.isFinite(entry)) continue;
      bad = bad ? { ...bad, count: bad.count + 1 } : { tensor, found: entry, count: 1 };
    }
  }
  const recorded = recordedStep(checkpoint.metadata);
  return {
    index,
    label,
    hash: await contentHash(checkpoint),
    norm: Math.sqrt(squares),
    ...(bad && { notFinite: bad }),
    ...(named !== undefined && { named }),
    ...(recorded !== undefined && { recorded }),
  };
}

/** Checkpoints with the same contents, each set once. */
export function duplicates(all: readonly Contents[]): Finding[] {
  return sets(all, ({ hash }) => hash).map((same) => ({
    kind: "duplicate",
    checkpoints: same.map(({ index }) => index),
    message: `${listOf(same.map(({ label }) => label))} hold the same numbers`,
  }));
}

export function notFinite(all: readonly Contents[]): Finding[] {
  return all.flatMap(({ index, label, notFinite: bad }): Finding[] => {
    if (!bad) return [];
    const count = bad.count === 1 ? "1 number is" : `${bad.count} numbers are`;
    const message = `${count} not finite in ${label}, the first ${bad.found} in "${bad.tensor}"`;
    return [{ kind: "not finite", checkpoints: [index], message }];
  });
}

/** Checkpoints whose weights are out of all proportion to the middle one of the series. */
export function diverged(all: readonly Contents[]): Finding[] {
  const finite = all.filter((one) => one.notFinite === undefined);
  const norms = finite.map(({ norm }) => norm).sort((a, b) => a - b);
  const usual = norms[Math.floor((norms.length - 1) / 2)] ?? 0;
  if (usual === 0) return [];
  return finite
    .filter(({ norm }) => norm > 1000 * usual)
    .map(({ index, label, norm }) => ({
      kind: "diverged",
      checkpoints: [index],
      message: `The weights of ${label} have norm ${norm.toPrecision(3)}, ${(norm / usual).toPrecision(2)} times the usual ${usual.toPrecision(3)}`,
    }));
}

/** Names that contradict what is in the file, and names of one step. */
export function labels(all: readonly Contents[]): Finding[] {
  const contradicted = all
    .filter(({ named, recorded }) => named !== undefined && recorded !== undefined)
    .filter(({ named, recorded }) => named !== recorded)
    .map(
      ({ index, label, named, recorded }): Finding => ({
        kind: "label",
        checkpoints: [index],
        message: `${label} is of step ${named} by its name and of step ${recorded} by its contents`,
      }),
    );
  const shared = sets(
    all.filter(({ named }) => named !== undefined),
    ({ named }) => `${named}`,
  ).map(
    (same): Finding => ({
      kind: "label",
      checkpoints: same.map(({ index }) => index),
      message: `${listOf(same.map(({ label }) => label))} are all of step ${same[0]!.named} by their names`,
    }),
  );
  return [...contradicted, ...shared];
}

/** The sets of at least two that share a key. */
function sets(all: readonly Contents[], keyOf: (one: Contents) => string): Contents[][] {
  return [...grouped(all, keyOf).values()].filter((same) => same.length > 1);
}

function listOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** As `Map.groupBy`, which Node 20 has not. */
function grouped(
  all: readonly Contents[],
  keyOf: (one: Contents) => string,
): Map<string, Contents[]> {
  const groups = new Map<string, Contents[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

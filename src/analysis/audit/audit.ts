import type { CheckpointSeries } from "../../checkpoint/index.ts";
import type { Network } from "../../model/index.ts";
import { type SimilarityOptions, similarity } from "../../similarity/index.ts";
import { ShapeError } from "../../tensor/index.ts";
import { breaks, type Link } from "./breaks.ts";
import { type Contents, contentsOf, diverged, duplicates, labels, notFinite } from "./contents.ts";
import type { Finding } from "./finding.ts";
import { missing, type Schedule, scheduleOf } from "./schedule.ts";

/** What an audit needs of a series, e.g. of {@link CheckpointSeries}. */
export type AuditedSeries = Pick<
  CheckpointSeries,
  "length" | "steps" | "labels" | "checkpoint" | "network" | "describe"
>;

/** What {@link audit} looks for, and how networks are compared for it. */
export interface AuditOptions extends SimilarityOptions {
  /** Steps that should be there. Default: those of the schedule that the steps seem to follow. */
  readonly schedule?: readonly number[] | undefined;
  /** False leaves out breaks in similarity, for which networks are compared. Default true. */
  readonly breaks?: boolean | undefined;
  /** Told how many of the checkpoints are done. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** What was found in a series, plain data. */
export interface Audit {
  /** By checkpoint, those about none first. Empty when nothing was found. */
  readonly findings: readonly Finding[];
  /** Number of checkpoints that were read. */
  readonly checkpoints: number;
  /** How the steps are spaced, where that could be told; without it no step can be called missing. */
  readonly schedule?: string;
}

/**
 * Reads every checkpoint of a series once and says what a person should look at before believing a
 * figure of it: see {@link FindingKind}. What is found is a question, not a verdict: training itself can
 * break. Nothing is changed, and one bad file hides no other.
 *
 * Networks are compared with the next two only, about 6n inner products; three are held at a time.
 *
 * @throws {RangeError} when an option does not fit the networks
 * @throws the signal's reason after it aborts
 */
export async function audit(series: AuditedSeries, options: AuditOptions = {}): Promise<Audit> {
  const { schedule: asked, breaks: compare = true, progress, ...similarityOptions } = options;
  const { signal } = options;
  const findings: Finding[] = series
    .describe()
    .files.filter(({ state }) => state === "failed")
    .map(({ name, reason }) => ({
      kind: "unreadable",
      checkpoints: [],
      message: `${name} cannot be used: ${reason}`,
    }));
  const contents: Contents[] = [];
  // Networks that can be compared with each other; a change of shape starts the next chain.
  const chains: Link[][] = [[]];
  let held: Held[] = [];
  progress?.(0, series.length);
  for (let index = 0; index < series.length; index++) {
    signal?.throwIfAborted();
    const label = series.labels[index]!;
    const read = await readAt(series, index, label, compare);
    if ("kind" in read) findings.push(read);
    else {
      contents.push(read.contents);
      if (read.network) {
        const one: Held = { index, label, network: read.network };
        try {
          const angles = await anglesTo(one, held, similarityOptions);
          for (const [k, angle] of angles.entries()) {
            const links = chains.at(-1)!;
            const at = links.length - 1 - k;
            links[at] = { ...links[at]!, ...(k === 0 ? { next: angle } : { afterNext: angle }) };
          }
        } catch (error) {
          if (!(error instanceof ShapeError)) throw error;
          findings.push({
            kind: "break",
            checkpoints: [index],
            message: `${label} cannot be compared with ${held[0]!.label}: ${error.message}`,
          });
          held = [];
          chains.push([]);
        }
        chains.at(-1)!.push({ index, label });
        held = [one, ...held].slice(0, 2);
      }
    }
    progress?.(index + 1, series.length);
  }
  const { steps } = series;
  const schedule: Schedule | undefined = asked
    ? { spacing: `${asked.length} steps`, steps: asked }
    : steps && scheduleOf(steps);
  if (schedule) findings.push(...missing(steps ?? [], schedule));
  findings.push(
    ...duplicates(contents),
    ...notFinite(contents),
    ...diverged(contents),
    ...labels(contents),
    ...chains.flatMap(breaks),
  );
  return {
    findings: findings.sort((a, b) => (a.checkpoints[0] ?? -1) - (b.checkpoints[0] ?? -1)),
    checkpoints: contents.length,
    ...(schedule && { schedule: schedule.spacing }),
  };
}

interface Held {
  readonly index: number;
  readonly label: string;
  readonly network: Network;
}

interface Read {
  readonly contents: Contents;
  /** Absent when it is not asked for, or its weights are not finite. */
  readonly network?: Network;
}

/** One checkpoint, or why it cannot be used. */
async function readAt(
  series: AuditedSeries,
  index: number,
  label: string,
  compare: boolean,
): Promise<Read | Finding> {
  try {
    const checkpoint = await series.checkpoint(index);
    const contents = await contentsOf(checkpoint, index, label, series.steps?.[index]);
    if (!compare || contents.notFinite) return { contents };
    return { contents, network: await series.network(index) };
  } catch (error) {
    const message = `${label} cannot be used: ${(error as Error).message}`;
    return { kind: "unreadable", checkpoints: [index], message };
  }
}

/** Angles of a network to those held, in radians. */
async function anglesTo(
  one: Held,
  held: readonly Held[],
  options: SimilarityOptions,
): Promise<number[]> {
  const angles: number[] = [];
  for (const { network } of held) {
    const { value } = await similarity(network, one.network, options);
    angles.push(Math.acos(Math.min(1, Math.max(-1, value))));
  }
  return angles;
}

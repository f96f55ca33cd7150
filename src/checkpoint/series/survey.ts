import {
  type Adapter,
  adapters,
  checkSettings,
  fitAdapter,
  fitReport,
  obstacleOf,
  type Settings,
} from "../../model/index.ts";
import { CheckpointError, type CheckpointIndex } from "../checkpoint.ts";
import { shapesOf } from "../weights.ts";
import { CheckpointSeries, withIndex } from "./checkpoint-series.ts";
import { type SeriesDescription, type SeriesFile, summaryOf } from "./description.ts";
import type { LeftOut, SeriesEntry } from "./entry.ts";
import { ordered, type Placed } from "./order.ts";

/** Options of {@link seriesOf}. */
export interface SurveyOptions {
  /** Where the entries come from, for messages. Default "series". */
  readonly source?: string;
  /**
   * Reads every checkpoint; of several, and by default of those that come with Simile, the one that fits
   * most files does.
   */
  readonly adapter?: Adapter | readonly Adapter[];
  /** What the tensors do not hold; goes before what the adapter or a checkpoint says. */
  readonly settings?: Settings;
  /** Files already ruled out, to be described with the others. */
  readonly leftOut?: readonly LeftOut[];
  /** Is told how many files have been looked into, of how many. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
  /** Stops looking through the files. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The series that `entries` hold. Opens each of them to see what it holds, without reading its numbers:
 * one that cannot be read, or that the adapter of the others does not fit, is described as failed and
 * hides none.
 *
 * Where no adapter fits any of them, the series still gives checkpoints, and its networks reject.
 *
 * @throws {CheckpointError} when none can be read, or the adapter asked for fits none
 * @throws {AdapterError} when a setting has a value that it cannot have
 * @throws the signal's reason when it aborts
 */
export async function seriesOf(
  entries: readonly SeriesEntry[],
  options: SurveyOptions = {},
): Promise<CheckpointSeries> {
  const { source = "series", settings = {}, signal } = options;
  checkSettings(settings);
  const { placed, leftOut } = ordered(entries);
  const candidates = [options.adapter ?? adapters].flat();
  const fitting = new Map<Placed, readonly Adapter[]>();
  const failed: SeriesFile[] = [];
  for (const [looked, one] of placed.entries()) {
    signal?.throwIfAborted();
    options.progress?.(looked, placed.length);
    try {
      const shapes = shapesOf(await indexOf(one.entry));
      fitting.set(
        one,
        candidates.filter((adapter) => fitAdapter(shapes, adapter, settings).fits),
      );
    } catch (error) {
      failed.push(described(one, "failed", (error as Error).message));
    }
  }
  options.progress?.(placed.length, placed.length);
  const most = mostFitting(candidates, [...fitting.values()].flat());
  const rivals = most.length > 1 ? await rivalry(fitting, most, settings) : undefined;
  const choice = candidates.length === 1 ? candidates : rivals === undefined ? most : [];
  const adapter = choice[0];
  if (adapter !== undefined) {
    for (const [one, fits] of fitting) {
      if (fits.includes(adapter)) continue;
      fitting.delete(one);
      failed.push(described(one, "failed", await mismatchOf(one.entry, settings, adapter)));
    }
  }
  const left = [...leftOut, ...(options.leftOut ?? [])];
  const members = [...fitting.keys()];
  if (members[0] === undefined) throw nothingIn(source, failed, left);
  const first = await indexOf(members[0].entry);
  const withoutSummary: Omit<SeriesDescription, "summary"> = {
    files: [
      ...members.map((one) => described(one, "read")),
      ...failed,
      ...left.map(({ name, size, reason }) => ({
        name,
        state: "left out" as const,
        bytes: size,
        reason,
      })),
    ],
    tensors: [...first.tensors].map(([name, { type, shape }]) => ({ name, type, shape })),
    metadata: first.metadata,
    ...(adapter === undefined
      ? { mismatch: rivals ?? (await mismatchOf(members[0].entry, settings, candidates)) }
      : readBy(first, adapter, settings)),
  };
  const description = { summary: summaryOf(withoutSummary), ...withoutSummary };
  return new CheckpointSeries(source, members, description, adapter, settings);
}

/** What a file holds; its tensors can no longer be read, for it is closed. */
function indexOf(entry: SeriesEntry): Promise<CheckpointIndex> {
  return withIndex(entry, async (index) => index);
}

/** Those of the candidates that occur most often. */
function mostFitting(candidates: readonly Adapter[], fitting: readonly Adapter[]): Adapter[] {
  const count = (adapter: Adapter): number => fitting.filter((each) => each === adapter).length;
  const most = Math.max(0, ...fitting.map(count));
  return candidates.filter((adapter) => most > 0 && count(adapter) === most);
}

/** Why adapters that fit equally often leave no choice; undefined when they read the same networks. */
async function rivalry(
  fitting: ReadonlyMap<Placed, readonly Adapter[]>,
  rivals: readonly Adapter[],
  settings: Settings,
): Promise<string | undefined> {
  for (const [{ entry }, fits] of fitting) {
    const adapter = rivals.filter((rival) => fits.includes(rival));
    if (adapter.length < 2) continue;
    const obstacle = obstacleOf(fitReport(shapesOf(await indexOf(entry)), { adapter, settings }));
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

/** Why no adapter, or the one asked for, fits an entry. */
async function mismatchOf(
  entry: SeriesEntry,
  settings: Settings,
  adapter: Adapter | readonly Adapter[],
): Promise<string> {
  try {
    const report = fitReport(shapesOf(await indexOf(entry)), { adapter, settings });
    return obstacleOf(report) ?? "its file changed meanwhile";
  } catch (error) {
    return (error as Error).message;
  }
}

/** The adapter's name, and the settings with which it reads the first checkpoint. */
function readBy(
  first: CheckpointIndex,
  adapter: Adapter,
  settings: Settings,
): Pick<SeriesDescription, "adapter" | "settings"> {
  const found = fitAdapter(shapesOf(first), adapter, settings).settings;
  return { adapter: adapter.name, ...(found.length > 0 && { settings: found }) };
}

function described(
  { entry, step }: Placed,
  state: SeriesFile["state"],
  reason?: string,
): SeriesFile {
  return {
    name: entry.name,
    state,
    ...(step !== undefined && { step }),
    bytes: entry.size,
    ...(reason !== undefined && { reason }),
  };
}

function nothingIn(
  source: string,
  failed: readonly SeriesFile[],
  leftOut: readonly LeftOut[],
): CheckpointError {
  const bad = failed[0];
  const out = leftOut[0];
  const found = [
    bad && `${failed.length} that could not be used (${bad.reason})`,
    out && `${leftOut.length} left out (${out.name}: ${out.reason})`,
  ].filter((part) => part !== undefined);
  return new CheckpointError(
    `Cannot open ${source}: expected checkpoints, found ${found.join(" and ") || "none"}`,
  );
}

import {
  type Adapter,
  builtNetwork,
  chosenFit,
  type Network,
  type NetworkSeries,
  type Settings,
} from "../../model/index.ts";
import { transfer } from "../../protocol/index.ts";
import type { ByteSource, Checkpoint, CheckpointIndex } from "../checkpoint.ts";
import { indexCheckpoint, readTensors } from "../read.ts";
import { shapesOf, weightsOf } from "../weights.ts";
import type { SeriesDescription } from "./description.ts";
import { labelOf, type SeriesEntry } from "./entry.ts";
import type { Placed } from "./order.ts";

/** What is known of a series without its files. */
export interface SeriesFacts {
  readonly source: string;
  readonly length: number;
  readonly steps?: readonly number[];
  readonly labels: readonly string[];
  readonly sources: readonly string[];
  readonly sizes: readonly number[];
  readonly description: SeriesDescription;
}

/**
 * Checkpoints in the order of their training steps. Only names, sizes and shapes are held: a network is
 * read from its file whenever asked for, so memory does not grow with the number of checkpoints.
 */
export class CheckpointSeries implements NetworkSeries {
  readonly source: string;
  readonly length: number;
  /** Training step of each; absent when the names hold none. */
  declare readonly steps?: readonly number[];
  readonly labels: readonly string[];
  /** Path of each file below the folder. */
  readonly sources: readonly string[];
  /** Size of each file in bytes. */
  readonly sizes: readonly number[];
  readonly #placed: readonly Placed[];
  readonly #description: SeriesDescription;
  readonly #adapter: Adapter | undefined;
  readonly #settings: Settings;

  constructor(
    source: string,
    placed: readonly Placed[],
    description: SeriesDescription,
    adapter: Adapter | undefined,
    settings: Settings,
  ) {
    this.source = source;
    this.length = placed.length;
    this.sources = placed.map(({ entry }) => entry.name);
    this.labels = this.sources.map(labelOf);
    this.sizes = placed.map(({ entry }) => entry.size);
    const steps = placed.map(({ step }) => step).filter((step) => step !== undefined);
    if (steps.length === placed.length) this.steps = steps;
    this.#placed = placed;
    this.#description = description;
    this.#adapter = adapter;
    this.#settings = settings;
    // What reaches the page of a series that one of its cells names.
    Object.defineProperty(this, transfer, { value: (): SeriesFacts => this.#facts() });
  }

  /** What was found and what is missing: every file with its state, tensors of the first, the adapter. */
  describe(): SeriesDescription {
    return this.#description;
  }

  /**
   * The network of one checkpoint; reads only the tensors it is made of.
   *
   * @throws {RangeError} when there is no such checkpoint
   * @throws {CheckpointError} when its file changed or is not what it claims to be
   * @throws {AdapterError} when no adapter fits, or settings are missing
   */
  network(index: number): Promise<Network> {
    return withIndex(this.#at(index), async (contents) => {
      const fit = chosenFit(shapesOf(contents), this.#adapter, this.#settings);
      return builtNetwork(weightsOf(await readTensors(contents, fit.used)), fit);
    });
  }

  /**
   * Which file, in which state, read by which adapter with which settings; undefined where a file's state
   * cannot be told.
   */
  identity(index: number): string | undefined {
    const { state } = this.#at(index);
    if (state === undefined) return undefined;
    return `${state} ${JSON.stringify([this.#adapter, this.#settings])}`;
  }

  /**
   * All tensors of one checkpoint.
   *
   * @throws {RangeError} and {CheckpointError} as `network`
   */
  checkpoint(index: number): Promise<Checkpoint> {
    return withIndex(this.#at(index), (contents) => readTensors(contents, contents.tensors.keys()));
  }

  #facts(): SeriesFacts {
    const { source, length, steps, labels, sources, sizes } = this;
    const description = this.#description;
    return { source, length, ...(steps && { steps }), labels, sources, sizes, description };
  }

  #at(index: number): SeriesEntry {
    const placed = this.#placed[index];
    if (placed !== undefined) return placed.entry;
    throw new RangeError(
      `Cannot load checkpoint ${index} of ${this.source}: expected 0 to ${this.length - 1}, found ${index}`,
    );
  }
}

/** Opens an entry, reads with its index, and closes it whatever happens. */
export async function withIndex<Value>(
  entry: SeriesEntry,
  read: (index: CheckpointIndex) => Promise<Value>,
): Promise<Value> {
  const source: ByteSource = await entry.open();
  try {
    return await read(await indexCheckpoint(source));
  } finally {
    await source.close?.();
  }
}

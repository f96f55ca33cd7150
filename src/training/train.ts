import { sharedEngine } from "../engine/index.ts";
import type { Network } from "../model/index.ts";
import { type Engine, numbers, type Precision, Random } from "../tensor/index.ts";
import { AdamW } from "./adamw.ts";
import { BilinearClassifier, type Evaluation } from "./classifier.ts";
import { powerLawSchedule } from "./schedule.ts";
import { splitExamples } from "./split.ts";
import type { Task } from "./task.ts";

/** What a run is determined by, beside the task: the same settings give the same weights. */
export interface TrainingSettings {
  /** Width of the hidden layer. */
  readonly hidden: number;
  readonly learningRate: number;
  /** Decoupled, as AdamW takes it. */
  readonly weightDecay: number;
  /** Examples of one step; the last batch of an epoch may hold fewer. */
  readonly batch: number;
  /** Fraction of the examples kept for validation, above 0 and below 1. */
  readonly heldOut: number;
  readonly steps: number;
  readonly seed: number;
  readonly precision: Precision;
}

/** The settings of arXiv 2605.15183 for modular addition. */
export const grokkingSettings: TrainingSettings = {
  hidden: 64,
  learningRate: 1e-3,
  weightDecay: 0.3,
  batch: 512,
  heldOut: 0.7,
  steps: 100_000,
  seed: 0,
  precision: "float64",
};

/** State of a run after `step` steps, over all examples of each part of the split. */
export interface HistoryRow {
  readonly step: number;
  /** Mean cross-entropy in nats. */
  readonly trainLoss: number;
  readonly validationLoss: number;
  /** Fraction predicted right, 0 … 1. */
  readonly trainAccuracy: number;
  readonly validationAccuracy: number;
}

/** The network at one step of the schedule. */
export interface TrainingCheckpoint {
  readonly row: HistoryRow;
  /** A copy: training goes on without changing it. */
  readonly network: Network;
}

/** Options of {@link train}. */
export interface TrainOptions extends Partial<TrainingSettings> {
  readonly task: Task;
  /**
   * Runs the matrix products; default the shared `"wasm"` engine. The run has the same bits everywhere
   * when the engine is deterministic, as that one is.
   */
  readonly engine?: Engine;
  /** Steps to keep, ascending, from 0 to `steps`. Default `powerLawSchedule(steps)`. */
  readonly schedule?: readonly number[];
  /** Called at each step of the schedule, and awaited. */
  readonly onCheckpoint?: (checkpoint: TrainingCheckpoint) => void | Promise<void>;
  /** Called at most ten times a second; `batch` is the last batch, before its step. */
  readonly progress?: (done: number, total: number, batch: Evaluation) => void;
  /** Stops between two steps. */
  readonly signal?: AbortSignal;
}

/** What {@link train} gives. */
export interface TrainingRun {
  readonly network: Network;
  readonly history: readonly HistoryRow[];
}

/** Milliseconds of steps before the event loop gets a turn: for signals, timers and drawing. */
const turn = 100;

/**
 * Trains a one-layer bilinear classifier D (L x ⊙ R x) on a task by AdamW on cross-entropy. One random
 * stream of the seed draws, in this order, the split, the initial weights and each epoch's order;
 * settings not given are those of arXiv 2605.15183 (`grokkingSettings`).
 *
 * Rejects with the signal's reason when it aborts; checkpoints already handed out stay valid.
 *
 * @throws {RangeError} when a setting is out of range, the engine lacks the precision, or the loss stops
 *   being finite
 */
export async function train(options: TrainOptions): Promise<TrainingRun> {
  const { task, progress, signal } = options;
  const settings = { ...grokkingSettings, ...options };
  checkSettings(settings);
  const { steps } = settings;
  const schedule = options.schedule ?? powerLawSchedule(steps);
  checkSchedule(schedule, steps);

  const engine = options.engine ?? (await sharedEngine());
  const random = new Random(settings.seed);
  const split = splitExamples(task, settings.heldOut, random);
  const classifier = new BilinearClassifier(task, settings.hidden, engine, settings.precision);
  classifier.initialise(random);
  const optimiser = new AdamW(classifier.parameters, settings);
  const gradient = numbers(classifier.parameters.length, settings.precision);
  const batches = endlessBatches(split.train, settings.batch, random);
  const kept = new Set(schedule);
  const history: HistoryRow[] = [];

  let turned = performance.now();
  for (let step = 0; ; step++) {
    signal?.throwIfAborted();
    if (kept.has(step)) {
      const row = await historyRow(step);
      history.push(row);
      await options.onCheckpoint?.({ row, network: classifier.network() });
    }
    if (step === steps) return { network: classifier.network(), history };
    const batch = await classifier.gradient(batches.next().value, gradient);
    if (!Number.isFinite(batch.loss)) {
      throw new RangeError(
        `Cannot train on after step ${step}: expected a finite loss, found ${batch.loss}; a smaller learning rate may help`,
      );
    }
    optimiser.step(gradient);
    if (performance.now() - turned > turn) {
      progress?.(step + 1, steps, batch);
      await new Promise((resolve) => setTimeout(resolve));
      turned = performance.now();
    }
  }

  async function historyRow(step: number): Promise<HistoryRow> {
    const train = await classifier.evaluate(split.train);
    const validation = await classifier.evaluate(split.validation);
    return {
      step,
      trainLoss: train.loss,
      validationLoss: validation.loss,
      trainAccuracy: train.accuracy,
      validationAccuracy: validation.accuracy,
    };
  }
}

/** Batches of the examples in a new random order each epoch, without end. */
function* endlessBatches(
  examples: Uint32Array,
  batch: number,
  random: Random,
): Generator<Uint32Array, never> {
  const order = examples.slice();
  for (;;) {
    random.shuffle(order);
    for (let start = 0; start < order.length; start += batch) {
      yield order.subarray(start, start + batch);
    }
  }
}

function checkSettings(settings: TrainingSettings): void {
  for (const name of ["hidden", "batch", "steps"] as const) {
    const value = settings[name];
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(
        `Cannot train: expected ${name} to be a whole number from 1, found ${value}`,
      );
    }
  }
  for (const name of ["learningRate", "weightDecay"] as const) {
    const value = settings[name];
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new RangeError(`Cannot train: expected ${name} to be a number from 0, found ${value}`);
    }
  }
}

function checkSchedule(schedule: readonly number[], steps: number): void {
  schedule.forEach((step, i) => {
    const after = i === 0 ? -1 : schedule[i - 1]!;
    if (!Number.isSafeInteger(step) || step <= after || step > steps) {
      throw new RangeError(
        `Cannot train by the schedule: expected ascending steps from 0 to ${steps}, found ${step} after ${after}`,
      );
    }
  });
}

import { expect, test, vi } from "vitest";
import { referenceEngine } from "../../src/engine/index.ts";
import type { BilinearLayer } from "../../src/model/index.ts";
import {
  type HistoryRow,
  modularAddition,
  type TrainingCheckpoint,
  type TrainOptions,
  train,
} from "../../src/training/index.ts";

// Processes, and thousands of steps: a busy machine may take long.
vi.setConfig({ testTimeout: 30_000 });

const small: TrainOptions = {
  task: modularAddition(7),
  engine: referenceEngine(),
  hidden: 5,
  batch: 8,
  heldOut: 0.4,
  steps: 40,
  seed: 1,
};

test("memorises first and understands later", async () => {
  const { history } = await train({
    task: modularAddition(23),
    engine: referenceEngine(),
    hidden: 20,
    weightDecay: 1,
    batch: 128,
    heldOut: 0.35,
    learningRate: 3e-3,
    steps: 3500,
    seed: 1,
  });
  const first = (part: "trainAccuracy" | "validationAccuracy", accuracy: number): number =>
    history.find((row) => row[part] >= accuracy)!.step;
  const memorised = first("trainAccuracy", 1);
  expect(memorised).toBeLessThan(600);
  expect(history.find(({ step }) => step === memorised)!.validationAccuracy).toBeLessThan(0.3);
  expect(first("validationAccuracy", 0.95)).toBeGreaterThan(4 * memorised);
  expect(history.at(-1)).toMatchObject({ step: 3500, trainAccuracy: 1 });
  expect(history.at(-1)!.validationAccuracy).toBeGreaterThan(0.99);
});

test("the same seed gives the same bits, another seed other weights", async () => {
  const weights = async (options: Partial<TrainOptions>): Promise<Uint8Array> => {
    const { network } = await train({ ...small, ...options });
    const { left, right, down } = network.layers[0] as BilinearLayer;
    return Buffer.concat([left, right, down].map(({ data }) => new Uint8Array(data.buffer)));
  };
  const first = await weights({});
  expect(await weights({})).toEqual(first);
  expect(await weights({ seed: 2 })).not.toEqual(first);
  // Looking at a run does not change it.
  expect(await weights({ schedule: [0, 7, 9], progress: () => {} })).toEqual(first);
  expect((await weights({ precision: "float32" })).length).toBe(first.length / 2);
});

test("checkpoints come at the steps of the schedule, each with its row of the history", async () => {
  const checkpoints: TrainingCheckpoint[] = [];
  const run = await train({
    ...small,
    schedule: [0, 3, 40],
    onCheckpoint: async (checkpoint) => {
      await Promise.resolve();
      checkpoints.push(checkpoint);
    },
  });
  expect(run.history.map(({ step }) => step)).toEqual([0, 3, 40]);
  expect(checkpoints.map(({ row }) => row)).toEqual(run.history);
  expect(checkpoints[2]!.network).toEqual(run.network);
  expect(checkpoints[1]!.network).not.toEqual(run.network);
  for (const row of run.history) {
    // 49 pairs, 20 held out.
    expect((row.trainAccuracy * 29) % 1).toBeCloseTo(0, 9);
    expect((row.validationAccuracy * 20) % 1).toBeCloseTo(0, 9);
  }
});

test("a longer run passes through the weights of a shorter one", async () => {
  const seen: TrainingCheckpoint[] = [];
  await train({
    ...small,
    schedule: [10],
    onCheckpoint: (checkpoint) => void seen.push(checkpoint),
  });
  const { network } = await train({ ...small, steps: 10 });
  expect(seen[0]!.network).toEqual(network);
});

test("an abort stops between steps with the signal's reason; what was handed out stays", async () => {
  const controller = new AbortController();
  const rows: HistoryRow[] = [];
  const running = train({
    ...small,
    steps: 1e9,
    schedule: [0, 1, 2, 3],
    signal: controller.signal,
    onCheckpoint: ({ row }) => {
      rows.push(row);
      if (row.step === 2) controller.abort(new Error("enough"));
    },
  });
  await expect(running).rejects.toThrow("enough");
  expect(rows.map(({ step }) => step)).toEqual([0, 1, 2]);
});

test("timers get their turn while it runs: an abort from outside arrives", async () => {
  const signal = AbortSignal.timeout(120);
  const progress: number[] = [];
  const running = train({
    ...small,
    steps: 1e9,
    schedule: [],
    signal,
    progress: (done, total, batch) => {
      expect(total).toBe(1e9);
      expect(batch.loss).toBeGreaterThan(0);
      progress.push(done);
    },
  });
  await expect(running).rejects.toMatchObject({ name: "TimeoutError" });
  expect(progress.length).toBeGreaterThan(0);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
});

test.for<[Partial<TrainOptions>, string]>([
  [{ hidden: 0 }, "Cannot train: expected hidden to be a whole number from 1, found 0"],
  [{ batch: 1.5 }, "Cannot train: expected batch to be a whole number from 1, found 1.5"],
  [{ steps: -1 }, "Cannot train: expected steps to be a whole number from 1, found -1"],
  [{ learningRate: -1 }, "Cannot train: expected learningRate to be a number from 0, found -1"],
  [
    { weightDecay: Number.NaN },
    "Cannot train: expected weightDecay to be a number from 0, found NaN",
  ],
  [
    { schedule: [0, 5, 5] },
    "Cannot train by the schedule: expected ascending steps from 0 to 40, found 5 after 5",
  ],
  [
    { schedule: [41] },
    "Cannot train by the schedule: expected ascending steps from 0 to 40, found 41 after -1",
  ],
])("%o is refused", async ([options, sentence]) => {
  await expect(train({ ...small, ...options })).rejects.toThrow(new RangeError(sentence));
});

test("a run that diverges ends with an error, not with weights of NaN", async () => {
  await expect(train({ ...small, learningRate: 1e200 })).rejects.toThrow(
    /^Cannot train on after step \d+: expected a finite loss, found (NaN|Infinity); a smaller learning rate may help$/,
  );
});

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import type { RunHistory } from "../../server/training/run-folder.ts";
import { openCheckpoint, openSeries } from "../../src/checkpoint/files/index.ts";
import { type StoredTensor, storedOf } from "../../src/checkpoint/index.ts";
import type { BilinearLayer, Network } from "../../src/model/index.ts";
import { Random } from "../../src/tensor/index.ts";
import {
  modularAddition,
  powerLawSchedule,
  splitExamples,
  train,
} from "../../src/training/index.ts";

// Processes, and thousands of steps: a busy machine may take long.
vi.setConfig({ testTimeout: 30_000 });

const folder = join(fileURLToPath(import.meta.url), "../../../workbooks/data/grokking");
const history: RunHistory = JSON.parse(readFileSync(join(folder, "history.json"), "utf8"));
const { rows, settings } = history;
const task = modularAddition(113);

function nameOf(step: number): string {
  return `step-${`${step}`.padStart(6, "0")}.safetensors.gz`;
}

/** Fraction of the pairs whose sum has the greatest score in D (L x ⊙ R x), straight from the matrices. */
function accuracy(network: Network, pairs: Uint32Array): number {
  const { left, right, down } = network.layers[0] as BilinearLayer;
  const h = new Float64Array(64);
  let correct = 0;
  for (const pair of pairs) {
    const a = Math.floor(pair / 113);
    const b = pair % 113;
    for (let unit = 0; unit < 64; unit++) {
      const at = unit * 226;
      const l = left.data[at + a]! + left.data[at + 113 + b]!;
      h[unit] = l * (right.data[at + a]! + right.data[at + 113 + b]!);
    }
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let o = 0; o < 113; o++) {
      let score = 0;
      for (let unit = 0; unit < 64; unit++) score += down.data[o * 64 + unit]! * h[unit]!;
      if (score > most) {
        most = score;
        best = o;
      }
    }
    if (best === (a + b) % 113) correct++;
  }
  return correct / pairs.length;
}

test("the run is the paper's setting, on its schedule, in at most 6 MB", async () => {
  expect(settings).toEqual({
    hidden: 64,
    learningRate: 1e-3,
    weightDecay: 0.3,
    batch: 512,
    heldOut: 0.7,
    steps: 100_000,
    seed: settings.seed,
    precision: "float64",
  });
  const schedule = powerLawSchedule(100_000);
  expect(rows.map(({ step }) => step)).toEqual(schedule);
  expect((await openSeries(folder)).steps).toEqual(schedule);
  const names = readdirSync(folder);
  expect(names.sort()).toEqual(["README.md", "history.json", ...schedule.map(nameOf)]);
  const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(bytes).toBeLessThanOrEqual(6_000_000);
});

test("it memorises early, understands late, and both are in the history", () => {
  const memorised = rows.find(({ trainAccuracy }) => trainAccuracy === 1)!;
  expect(memorised.step).toBeLessThan(1500);
  expect(memorised.validationAccuracy).toBeLessThan(0.02);
  const understood = rows.find(({ validationAccuracy }) => validationAccuracy > 0.5)!;
  expect(understood.step).toBeGreaterThan(5 * memorised.step);
  expect(understood.step).toBeLessThan(9000);
  expect(rows.at(-1)!.validationAccuracy).toBeGreaterThan(0.99);
  expect(rows.at(-1)!.validationLoss).toBeLessThan(1e-3);
});

test("the stored weights have the accuracy the history says", async () => {
  const { train: seen, validation: unseen } = splitExamples(task, 0.7, new Random(settings.seed));
  const series = await openSeries(folder);
  for (const step of [0, 1218, 8176, 100_000]) {
    const index = rows.findIndex((row) => row.step === step);
    const network = await series.network(index);
    // Half precision may flip a pair that hangs in the balance.
    expect(Math.abs(accuracy(network, seen) - rows[index]!.trainAccuracy)).toBeLessThan(0.002);
    expect(Math.abs(accuracy(network, unseen) - rows[index]!.validationAccuracy)).toBeLessThan(
      0.002,
    );
  }
  const last = await series.network(rows.length - 1);
  expect([accuracy(last, seen), accuracy(last, unseen)]).toEqual([1, 1]);
});

test("training again from the recorded settings gives the stored bytes", async () => {
  const first = [0, 1, 2, 3, 5, 7, 11];
  const again = new Map<number, Map<string, StoredTensor>>();
  const run = await train({
    ...settings,
    steps: 11,
    task,
    schedule: first,
    onCheckpoint({ row, network }) {
      const { left, right, down } = network.layers[0] as BilinearLayer;
      const tensors = Object.entries({ left, right, down });
      again.set(
        row.step,
        new Map(tensors.map(([name, tensor]) => [name, storedOf(tensor, "F16")])),
      );
    },
  });
  for (const step of first) {
    const { tensors } = await openCheckpoint(join(folder, nameOf(step)));
    for (const [name, { type, shape, bytes }] of again.get(step)!) {
      const stored = tensors.get(name)!;
      expect([stored.type, stored.shape]).toEqual([type, shape]);
      expect(Buffer.compare(stored.bytes, bytes)).toBe(0);
    }
  }
  expect(run.history).toEqual(rows.slice(0, first.length));
});

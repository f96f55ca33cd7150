import { expect, test } from "vitest";
import { referenceEngine } from "../../src/engine/index.ts";
import type { BilinearLayer } from "../../src/model/index.ts";
import { numbers, Random } from "../../src/tensor/index.ts";
import { BilinearClassifier } from "../../src/training/classifier.ts";
import { modularAddition } from "../../src/training/index.ts";

const task = modularAddition(5);
const hidden = 3;

function initialised(
  seed: number,
  precision: "float64" | "float32" = "float64",
): BilinearClassifier {
  const classifier = new BilinearClassifier(task, hidden, referenceEngine(), precision);
  classifier.initialise(new Random(seed));
  return classifier;
}

/** Loss and accuracy from the network's own matrices and a dense 0/1 input. */
function lossByHand(classifier: BilinearClassifier, examples: Uint32Array): [number, number] {
  const { left, right, down } = classifier.network().layers[0] as BilinearLayer;
  let loss = 0;
  let correct = 0;
  for (const example of examples) {
    const x = new Array<number>(10).fill(0);
    x[Math.floor(example / 5)] = 1;
    x[5 + (example % 5)] = 1;
    const times = (weights: ArrayLike<number>, v: number[], row: number): number =>
      v.reduce((sum, value, i) => sum + weights[row * v.length + i]! * value, 0);
    const h = [0, 1, 2].map((i) => times(left.data, x, i) * times(right.data, x, i));
    const y = [0, 1, 2, 3, 4].map((o) => times(down.data, h, o));
    const label = (Math.floor(example / 5) + (example % 5)) % 5;
    loss += Math.log(y.reduce((sum, v) => sum + Math.exp(v), 0)) - y[label]!;
    if (y.every((v) => v <= y[label]!)) correct++;
  }
  return [loss / examples.length, correct / examples.length];
}

test("weights start uniform on ±1/√(columns)", () => {
  const { left, right, down } = initialised(1).network().layers[0] as BilinearLayer;
  expect([left.shape, right.shape, down.shape]).toEqual([
    [3, 10],
    [3, 10],
    [5, 3],
  ]);
  const most = (data: ArrayLike<number>): number => Math.max(...Array.from(data, Math.abs));
  for (const weights of [left, right]) {
    expect(most(weights.data)).toBeLessThan(1 / Math.sqrt(10));
    expect(most(weights.data)).toBeGreaterThan(0.8 / Math.sqrt(10));
  }
  expect(most(down.data)).toBeLessThan(1 / Math.sqrt(3));
  expect(most(down.data)).toBeGreaterThan(0.8 / Math.sqrt(3));
  // The first draws of the stream fill L row by row.
  const random = new Random(1);
  const draws = Array.from({ length: 30 }, () => (2 * random.uniform() - 1) * (1 / Math.sqrt(10)));
  expect([...left.data]).toEqual(draws);
});

test("loss and accuracy are those of D (L x ⊙ R x) on dense inputs", async () => {
  const classifier = initialised(2);
  const examples = Uint32Array.from({ length: 25 }, (_, i) => i);
  const [loss, accuracy] = lossByHand(classifier, examples);
  const found = await classifier.evaluate(examples);
  expect(found.loss).toBeCloseTo(loss, 13);
  expect(found.accuracy).toBe(accuracy);
});

test("the gradient agrees with central differences in every weight", async () => {
  const classifier = initialised(3);
  // Repeats and an uneven count: contributions to one place must add up.
  const examples = Uint32Array.of(7, 7, 12, 0, 24, 5, 13);
  const gradient = numbers(classifier.parameters.length);
  const { loss } = await classifier.gradient(examples, gradient);
  expect(loss).toBeCloseTo(lossByHand(classifier, examples)[0], 13);
  const size = 1e-5;
  for (let i = 0; i < classifier.parameters.length; i++) {
    const kept = classifier.parameters[i]!;
    classifier.parameters[i] = kept + size;
    const above = (await classifier.evaluate(examples)).loss;
    classifier.parameters[i] = kept - size;
    const below = (await classifier.evaluate(examples)).loss;
    classifier.parameters[i] = kept;
    expect(Math.abs(gradient[i]! - (above - below) / (2 * size))).toBeLessThan(1e-9);
  }
  // Places 0 … 4 and 5 … 9 all occur except a = 3: its rows have no gradient, the others do.
  const rows = Array.from({ length: 10 }, (_, place) =>
    gradient.subarray(place * hidden, (place + 1) * hidden).some((value) => value !== 0),
  );
  expect(rows).toEqual([true, true, true, false, true, true, false, true, true, true]);
});

test("in float32 the gradient is the float64 one to single precision", async () => {
  const examples = Uint32Array.of(1, 2, 3, 9);
  const wide = initialised(4);
  const narrow = initialised(4, "float32");
  const expected = numbers(wide.parameters.length);
  const found = numbers(wide.parameters.length, "float32");
  await wide.gradient(examples, expected);
  await narrow.gradient(examples, found);
  expected.forEach((value, i) => {
    expect(Math.abs(found[i]! - value)).toBeLessThan(1e-7);
  });
});

test("a network handed out does not change with the weights", async () => {
  const classifier = initialised(5);
  const network = classifier.network();
  const before = structuredClone(network);
  classifier.parameters.fill(0);
  expect(network).toEqual(before);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classicalScaling, gap, segments } from "../../src/analysis/index.ts";
import { type Matrix, matrix, product, transpose } from "../../src/tensor/index.ts";
import { matrices } from "../support/networks.ts";
import { cases, expectClose, matrixOf } from "../support/vectors.ts";

/** Symmetric matrices of whole numbers. */
const symmetric = fc.integer({ min: 1, max: 7 }).chain((n) =>
  matrices(n, n).map((a) => {
    const turned = transpose(a);
    return matrix(
      n,
      n,
      a.data.map((entry, i) => entry + turned.data[i]!),
    );
  }),
);

/** The blocks of a matrix: 1 between checkpoints of one phase, `across` between two phases. */
function phases(sizes: readonly number[], across: number): Matrix {
  const owner = sizes.flatMap((size, phase) => new Array<number>(size).fill(phase));
  const entries = owner.map((a) => owner.map((b) => (a === b ? 1 : across)));
  return matrixOf(entries);
}

describe("compared with the independent implementation", () => {
  type Input = { similarity: number[][]; a: number[]; b: number[] };
  const all = cases<Input, Record<string, number[][]> & { gap: number }>("baselines");

  test("segmentation", () => {
    const { input, expected } = all.find(({ name }) => name === "segmentation")!;
    for (const count of [1, 2, 3, 4]) {
      const found = segments(matrixOf(input.similarity), count);
      expect(found.segments.map(({ first, last }) => [first, last])).toEqual(expected[`k${count}`]);
    }
  });

  test("gap", () => {
    const { input, expected } = all.find(({ name }) => name === "phase gap")!;
    expectClose(gap(matrixOf(input.similarity), input.a.at(-1)!), expected.gap);
  });
});

describe("segments", () => {
  test("finds the blocks a matrix is made of, at no cost", () => {
    const blocks = { ...phases([2, 1, 4], 0), steps: [0, 1, 10, 20, 30, 40, 50] };
    expect(segments(blocks, 3)).toEqual({
      segments: [
        { first: 0, last: 1, steps: [0, 1] },
        { first: 2, last: 2, steps: [10, 10] },
        { first: 3, last: 6, steps: [20, 50] },
      ],
      cost: 0,
    });
  });

  test("of all cuts none costs less, and of those that cost the same it is the one stated", () => {
    fc.assert(
      fc.property(symmetric, fc.nat(), (similarities, pick) => {
        const [n] = similarities.shape;
        const count = 1 + (pick % n);
        const cost = ([first, last]: readonly [number, number]): number => {
          let sum = 0;
          for (let i = first; i <= last; i++) {
            for (let j = first; j <= last; j++) sum += (1 - similarities.data[i * n + j]!) / 2;
          }
          return sum;
        };
        const cuts = everyCut(n, count)
          .map((cut) => ({ cut, cost: cut.reduce((sum, one) => sum + cost(one), 0) }))
          .sort((a, b) => a.cost - b.cost || byLastStart(a.cut, b.cut));
        const found = segments(similarities, count);
        expect(found.cost).toBe(cuts[0]!.cost);
        expect(found.segments.map(({ first, last }) => [first, last])).toEqual(cuts[0]!.cut);
      }),
    );
  });

  test.for([0, 4, 1.5])("%d segments of 3 checkpoints are refused", (count) => {
    expect(() => segments(phases([3], 0), count)).toThrow(
      `Cannot segment a run: expected 1 to 3 segments of 3 checkpoints, found ${count}`,
    );
  });
});

type Cut = [number, number][];

function everyCut(n: number, count: number, from = 0): Cut[] {
  if (count === 1) return [[[from, n - 1]]];
  const cuts: Cut[] = [];
  for (let last = from; last < n - count + 1; last++) {
    for (const rest of everyCut(n, count - 1, last + 1)) cuts.push([[from, last], ...rest]);
  }
  return cuts;
}

function byLastStart(a: Cut, b: Cut): number {
  for (let k = a.length - 1; k >= 0; k--) if (a[k]![0] !== b[k]![0]) return a[k]![0] - b[k]![0];
  return 0;
}

describe("gap", () => {
  test("is what B has in common within less what it has with A", () => {
    expect(gap(phases([3, 2], 1 / 4), 2)).toBe(3 / 4);
    // Within B, 4 entries of 1 and 2 of 5, the diagonal left out; across, 2, 3 and 4.
    const mixed = matrixOf([
      [9, 2, 3, 4],
      [2, 9, 1, 1],
      [3, 1, 9, 5],
      [4, 1, 5, 9],
    ]);
    expect(gap(mixed, 0)).toBe(14 / 6 - 3);
  });

  test.for([-1, 2, 0.5])("a first phase that ends at %d of 4 is refused", (last) => {
    expect(() => gap(phases([4], 0), last)).toThrow(
      `Cannot take the gap of two phases: expected the first to end at an index from 0 to 1 of 4, found ${last}`,
    );
  });
});

describe("classical scaling", () => {
  test("gives back points of the plane, up to a turn", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }).chain((n) => matrices(n, 2)),
        (points) => {
          const n = points.shape[0];
          const found = classicalScaling(product(points, transpose(points)));
          expect(found.shown).toBeCloseTo(1, 12);
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < n; j++) {
              expect(squared(found.data, i, j)).toBeCloseTo(squared(points.data, i, j), 10);
            }
          }
        },
      ),
    );
  });

  test("the axis along which points differ most comes first, its largest coordinate positive", () => {
    const points = matrix(4, 2, [5, 1, 5, -1, -5, 1, -5, -3]);
    const { data, values } = classicalScaling(product(points, transpose(points)));
    expect(values[0]).toBeGreaterThan(values[1]!);
    expect(data[0]! * data[2]!).toBeGreaterThan(0);
    expect(data[0]! * data[4]!).toBeLessThan(0);
    for (const axis of [0, 1]) {
      const along = [0, 1, 2, 3].map((i) => data[2 * i + axis]!);
      expect(Math.max(...along)).toBeGreaterThanOrEqual(-Math.min(...along) - 1e-12);
    }
  });

  test("says how much it shows: of a regular simplex of four points, 2 of 3 dimensions", () => {
    const { shown, values, data } = classicalScaling(phases([1, 1, 1, 1], 0));
    expect(shown).toBeCloseTo(2 / 3, 12);
    expect([...values]).toEqual([1, 1, 1, 0].map((value) => expect.closeTo(value, 12)));
    expect(data.length).toBe(8);
    expect(classicalScaling(phases([1, 1, 1, 1], 0), { dimensions: 3 }).shown).toBeCloseTo(1, 12);
  });

  test("what no points have is not drawn, but counted", () => {
    // d² = 0 to a neighbour and 4 between the ends: no points are like that.
    const impossible = matrixOf([
      [1, 1, -1],
      [1, 1, 1],
      [-1, 1, 1],
    ]);
    const { values, shown, data } = classicalScaling(impossible, { dimensions: 3 });
    expect([...values]).toEqual([2, 0, -2 / 3].map((value) => expect.closeTo(value, 12)));
    expect(shown).toBeCloseTo(3 / 4, 12);
    expect(data.every(Number.isFinite)).toBe(true);
  });

  test("one network, or equal ones, are one point", () => {
    expect(classicalScaling(matrix(1, 1, [1]))).toMatchObject({ shown: 1, shape: [1, 2] });
    expect([...classicalScaling(phases([3], 0)).data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("no dimensions are refused", () => {
    expect(() => classicalScaling(phases([2], 0), { dimensions: 0 })).toThrow(
      "Cannot place a series in 0 dimensions: expected a whole number of at least 1",
    );
  });
});

function squared(points: ArrayLike<number>, i: number, j: number): number {
  const [x, y] = [0, 1].map((axis) => points[2 * i + axis]! - points[2 * j + axis]!);
  return x! * x! + y! * y!;
}

describe("matrices that are none are refused", () => {
  const wrong: [Matrix, string][] = [
    [matrix(1, 2), "expected a square matrix of at least 1 row, found [1, 2]"],
    [matrix(0, 0), "expected a square matrix of at least 1 row, found [0, 0]"],
    [matrix(1, 1, [Number.NaN]), "expected finite similarities, found NaN at [0, 0]"],
    [matrix(2, 2, [1, 2, 3, 1]), "expected a symmetric matrix, found 3 at [1, 0] and 2 at [0, 1]"],
  ];
  test.for(wrong)("%#", ([found, message]) => {
    expect(() => segments(found, 1)).toThrow(`Cannot segment a run: ${message}`);
    expect(() => gap(found, 0)).toThrow(`Cannot take the gap of two phases: ${message}`);
    expect(() => classicalScaling(found)).toThrow(`Cannot place a series in the plane: ${message}`);
  });
});

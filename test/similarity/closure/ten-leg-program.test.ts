import fc from "fast-check";
import { expect, test } from "vitest";
import { programsOf, referenceEngine } from "../../../src/engine/index.ts";
import { macsOf } from "../../../src/similarity/closure/macs.ts";
import { tenLegProgram } from "../../../src/similarity/closure/ten-leg-program.ts";
import {
  type InputName,
  type Leg,
  legsOf,
  type Side,
  scores,
  type TenLegs,
  tenLegInputs,
  values,
} from "../../../src/similarity/closure/ten-legs.ts";
import { type Matrix, matrix, product, Random, transpose } from "../../../src/tensor/index.ts";

const programs = programsOf(referenceEngine());

/** Normal legs with small integers for moments, zero where nothing is there. */
class Legs {
  readonly #known: TenLegs;
  readonly #entries = new Map<string, Matrix>();
  readonly #random: Random;

  constructor(known: TenLegs, seed: number) {
    this.#known = known;
    this.#random = new Random(seed);
  }

  #drawn(name: string, rows: number, columns: number): Matrix {
    const data = Float64Array.from({ length: rows * columns }, () =>
      Math.floor(this.#random.uniform() * 5 - 2),
    );
    const found = this.#entries.get(name) ?? matrix(rows, columns, data);
    this.#entries.set(name, found);
    return found;
  }

  turn(of: Side): Matrix {
    const width = this.#known.widths[of];
    return this.#drawn(`turn ${of}`, width, width);
  }

  /** The leg that is the same where scores are squared. */
  #same(leg: Leg): Leg {
    if (!this.#known.squared[leg.of] || leg.place === 2) return leg;
    return legsOf(leg.of === "a" ? 0 : 2)[leg.group];
  }

  mean(asked: Leg): Matrix {
    const leg = this.#same(asked);
    const width = this.#known.widths[leg.of];
    return this.#known.shifted[leg.of] ? this.#drawn(leg.name, 1, width) : matrix(1, width);
  }

  /** Before queries are turned. */
  raw(askedX: Leg, askedY: Leg): Matrix {
    const [x, y] = [this.#same(askedX), this.#same(askedY)];
    if (x === y) {
      const half = this.#drawn(`${x.name} ${y.name}`, ...squareOf(this.#known.widths[x.of]));
      const data = half.data.map((entry, i) => entry + transpose(half).data[i]!);
      return matrix(...half.shape, data);
    }
    if (x.name > y.name) return transpose(this.raw(y, x));
    const { widths, joined, between } = this.#known;
    const shape = [widths[x.of], widths[y.of]] as const;
    const [first, second] = x.of === "a" ? [x, y] : [y, x];
    const there =
      x.of === y.of
        ? x.group === y.group || joined[x.of]
        : between[`${first.group} ${second.group}`];
    return there ? this.#drawn(`${x.name} ${y.name}`, ...shape) : matrix(...shape);
  }

  covariance(x: Leg, y: Leg): Matrix {
    const turned = (leg: Leg, rows: Matrix) =>
      leg.group === "query" && this.#known.turned[leg.of] ? product(this.turn(leg.of), rows) : rows;
    return transpose(turned(y, transpose(turned(x, this.raw(x, y)))));
  }

  input(name: InputName): Matrix {
    const of = name[0] as Side;
    const [queries, keys] = groupsOf(of);
    const table = (xs: readonly Leg[], ys: readonly Leg[]) =>
      below(xs.map((x) => transpose(below(ys.map((y) => transpose(this.raw(x, y)))))));
    switch (name) {
      case "a query query":
      case "b query query":
        return table([queries[0]!], [queries[1]!]);
      case "a key query":
      case "b key query":
        return table(keys, queries);
      case "a key key":
      case "b key key":
        return table(keys.slice(1), keys.slice(0, 2));
      case "a turn":
      case "b turn":
        return this.turn(of);
      case "a unit":
      case "b unit": {
        const width = this.#known.widths[of];
        const unit = matrix(width, width);
        for (let i = 0; i < width; i++) unit.data[i * (width + 1)] = 1;
        return unit;
      }
      case "a query means":
      case "b query means":
        return below(queries.map((leg) => this.mean(leg)));
      case "a key means":
      case "b key means":
        return below(keys.map((leg) => this.mean(leg)));
    }
    const [x, y] = name.split(" ") as ["query" | "key", "query" | "key"];
    return table(groupsOf("a")[x === "query" ? 0 : 1], groupsOf("b")[y === "query" ? 0 : 1]);
  }

  /** E[Π] of entries of legs, by Isserlis' theorem: the first is its mean, or goes with any of the others. */
  moment(entries: readonly (readonly [leg: Leg, at: number])[]): number {
    const [first, ...rest] = entries;
    if (!first) return 1;
    const [leg, at] = first;
    let sum = this.mean(leg).data[at]!;
    if (sum !== 0) sum *= this.moment(rest);
    for (const [k, [other, place]] of rest.entries()) {
      const { shape, data } = this.covariance(leg, other);
      const entry = data[at * shape[1] + place]!;
      if (entry !== 0) sum += entry * this.moment(rest.filter((_, i) => i !== k));
    }
    return sum;
  }
}

function squareOf(width: number): [number, number] {
  return [width, width];
}

function groupsOf(of: Side): readonly [queries: readonly Leg[], keys: readonly Leg[]] {
  const own = scores.map(legsOf).filter(({ query }) => query.of === of);
  return [own.map(({ query }) => query), [...own.map(({ key }) => key), values[of]]];
}

function below(parts: readonly Matrix[]): Matrix {
  const rows = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  return matrix(
    rows,
    parts[0]!.shape[1],
    Float64Array.from(parts.flatMap(({ data }) => [...data])),
  );
}

/** E[s_0 s_1 s_2 s_3 v v′ᵀ] entry by entry. */
function expected(legs: Legs, { widths }: TenLegs): number[] {
  const entries: number[] = [];
  for (let i = 0; i < widths.a; i++) {
    for (let j = 0; j < widths.b; j++) {
      let terms = [[[values.a, i] as const, [values.b, j] as const]] as (readonly [
        Leg,
        number,
      ])[][];
      for (const score of scores) {
        const { query, key } = legsOf(score);
        const at = Array.from({ length: widths[query.of] }, (_, c) => c);
        terms = terms.flatMap((term) =>
          at.map((c) => [...term, [query, c] as const, [key, c] as const]),
        );
      }
      entries.push(terms.reduce((sum, term) => sum + legs.moment(term), 0));
    }
  }
  return entries;
}

async function found(legs: Legs, known: TenLegs): Promise<number[]> {
  const program = tenLegProgram(known);
  const { a, b } = known.widths;
  if (!program) return Array(a * b).fill(0);
  const inputs = await Promise.all(
    tenLegInputs(known).map(async ({ name }) => ({
      of: await programs.load(legs.input(name)),
      row: 0,
      column: 0,
    })),
  );
  const [sums] = await programs.run(program, [{ tasks: [{ inputs }] }]);
  return [...sums![0]!.data];
}

const each = <T>(value: fc.Arbitrary<T>) => fc.record({ a: value, b: value });
const legs: fc.Arbitrary<TenLegs> = fc.record({
  widths: fc.constantFrom({ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }),
  joined: each(fc.boolean()),
  between: fc.record({
    "query query": fc.boolean(),
    "query key": fc.boolean(),
    "key query": fc.boolean(),
    "key key": fc.boolean(),
  }),
  turned: each(fc.boolean()),
  shifted: fc.constantFrom({ a: false, b: false }, { a: true, b: false }, { a: true, b: true }),
  squared: each(fc.boolean()),
});

test("the program of ten legs is the sum over all pairings, on integers", async () => {
  await fc.assert(
    fc.asyncProperty(legs, fc.nat(), async (known, seed) => {
      const drawn = new Legs(known, seed);
      expect((await found(drawn, known)).map((x) => x + 0)).toEqual(
        expected(drawn, known).map((x) => x + 0),
      );
    }),
    { numRuns: 60 },
  );
});

const full: TenLegs = {
  widths: { a: 2, b: 2 },
  joined: { a: true, b: true },
  between: { "query query": true, "query key": true, "key query": true, "key key": true },
  turned: { a: false, b: false },
  shifted: { a: false, b: false },
  squared: { a: false, b: false },
};
/** Query and key positions that are independent of each other, the same in a and b. */
const lag: TenLegs = {
  ...full,
  joined: { a: false, b: false },
  between: { ...full.between, "query key": false, "key query": false },
};

test.for([
  ["all covariances", full, 248],
  ["all covariances, squared scores", { ...full, squared: { a: true, b: true } }, 86],
  ["two positions", lag, 64],
  ["two positions, queries turned", { ...lag, turned: { a: true, b: true } }, 76],
] as const)("%s: it takes so many products of blocks", ([, known, products]) => {
  expect(macsOf(tenLegProgram(known)!) / 2 ** 3).toBe(products);
});

test("what is 0 has no program", () => {
  const none = { "query query": false, "query key": false, "key query": false, "key key": false };
  expect(tenLegProgram({ ...full, between: none })).toBeUndefined();
});

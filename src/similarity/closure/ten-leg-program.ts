import type { Program } from "../../tensor/index.ts";
import { type Factor, Formula, type Term } from "./formula.ts";
import {
  hops,
  type InputName,
  type Leg,
  legsOf,
  type Score,
  scores,
  type TenLegs,
  tenLegInputs,
  values,
} from "./ten-legs.ts";

const all = 0b1111;

/**
 * E[s_0 s_1 v · (s_2 s_3 v′)ᵀ], [width of a, width of b], of a head of a (scores 0, 1) and one of b
 * (scores 2, 3) over normal legs, by Wick's theorem without its 945 pairings. Each pairing joins the legs
 * and scores to one path from v to v′, or two from v and v′ to means, and closed cycles or paths between
 * means; so with sets of scores J
 *
 *     Ω = Σ_J path(J) moment(rest) + Σ_{J, K disjoint} ρ(J) ρ′(K)ᵀ moment(rest)
 *
 * where paths through a set of scores are summed by dynamic programming over its subsets, and
 * moment(J) = Σ over partitions of J of Π κ(block). Exact. With all covariances and no means it takes
 * 248 products of blocks; what is known to be 0 is left out, and what is the same computed once, so that
 * 86 do where scores are squared.
 *
 * @returns undefined when Ω is 0
 */
export function tenLegProgram(legs: TenLegs): Program | undefined {
  return new TenLegFormula(legs).program();
}

class TenLegFormula {
  readonly #legs: TenLegs;
  readonly #formula = new Formula();
  readonly #inputs = new Map<InputName, Term>();
  readonly #terms = new Map<string, Term>();
  readonly #factors = new Map<string, Factor>();

  constructor(legs: TenLegs) {
    this.#legs = legs;
    for (const { name, rows, columns } of tenLegInputs(legs)) {
      this.#inputs.set(name, this.#formula.input(rows, columns));
    }
  }

  program(): Program | undefined {
    const f = this.#formula;
    const { a: v, b: w } = values;
    const terms: Term[] = [];
    const straight = this.#covariance(v, w);
    if (straight) terms.push(f.scaled(straight, this.#moment(all)));
    for (const i of scores) {
      for (const [x, across] of hops(i)) {
        const last = this.#covariance(across, w);
        if (!last) continue;
        const rest = all ^ (1 << i);
        const paths = subsetsOf(rest).map((set) => {
          const path = this.#path(set, x);
          return path && f.scaled(path, this.#moment(rest ^ set));
        });
        terms.push(f.product(f.sum(paths), last));
      }
    }
    for (const right of subsetsOf(all)) {
      const to = this.#reach(right, w);
      if (!to) continue;
      const from = subsetsOf(all ^ right).map((left) => {
        const reach = this.#reach(left, v);
        return reach && f.scaled(reach, this.#moment(all ^ left ^ right));
      });
      terms.push(f.product(f.transposed(f.sum(from)), to));
    }
    const omega = f.sum(terms);
    return omega && f.program(omega);
  }

  /** Σ of the paths from v through all of a set of scores to a leg. */
  #path(set: number, to: Leg): Term {
    return this.#once(`path ${set} ${to.name}`, () =>
      set === 0
        ? this.#covariance(values.a, to)
        : this.#stepped(set, to, (before, x) => this.#path(before, x)),
    );
  }

  /** Σ of the paths from a mean in a set of scores through all of it to a leg, [1, width]. */
  #reach(set: number, to: Leg): Term {
    return this.#once(`reach ${set} ${to.name}`, () =>
      set === 0 ? this.#mean(to) : this.#stepped(set, to, (before, x) => this.#reach(before, x)),
    );
  }

  #stepped(set: number, to: Leg, path: (before: number, x: Leg) => Term): Term {
    const f = this.#formula;
    const terms = membersOf(set).flatMap((i) =>
      hops(i).map(([x, across]) => {
        const step = this.#covariance(across, to);
        return step && f.product(path(set ^ (1 << i), x), step);
      }),
    );
    return f.sum(terms);
  }

  /** Σ over the block of a partition that holds the lowest score of κ(block) moment(rest). */
  #moment(set: number): Factor {
    if (set === 0) return 1;
    return this.#onceFactor(`moment ${set}`, () => {
      const lowest = set & -set;
      const terms = subsetsOf(set ^ lowest).map((others) => {
        const kappa = this.#cumulant(others | lowest);
        if (kappa === 0) return 0;
        return this.#formula.times(kappa, this.#moment(set ^ lowest ^ others));
      });
      return this.#formula.total(terms);
    });
  }

  /** κ of a set of scores: closed cycles, and paths between means. */
  #cumulant(set: number): Factor {
    return this.#onceFactor(`cumulant ${set}`, () =>
      this.#formula.total([...this.#closed(membersOf(set)), this.#open(set)]),
    );
  }

  /** The closed cycles through all members, what comes twice counted once. */
  #closed(members: readonly Score[]): readonly Factor[] {
    const f = this.#formula;
    if (members.length === 1) {
      const { query, key } = legsOf(members[0]!);
      return [f.dot(this.#covariance(key, query), this.#inputs.get(`${query.of} unit`))];
    }
    if (members.length === 2) {
      const [i, j] = members as [Score, Score];
      const { query, key } = legsOf(i);
      return hops(j).map(([x, across]) =>
        f.dot(this.#covariance(query, x), this.#covariance(key, across)),
      );
    }
    if (members.length === 3) {
      const { from, to, by } = cycles.find(
        (cycle) => members.includes(cycle.from) && members.includes(cycle.to),
      )!;
      const through = by.find((k) => members.includes(k))!;
      return closings(from, to).map(([x, z, x2, z2]) =>
        f.dot(this.#chain(x, through, z), this.#covariance(x2, z2)),
      );
    }
    return cycles.flatMap(({ from, to, by: [one, other] }) =>
      closings(from, to).map(([x, z, x2, z2]) =>
        f.dot(this.#chain(x, one, z), this.#chain(x2, other, z2)),
      ),
    );
  }

  /** ½ Σ over orders of μᵀ X Γ X … X μ, with X the step from one leg of a score to the other. */
  #open(set: number): Factor {
    const f = this.#formula;
    const ends = membersOf(set).flatMap((i) =>
      hops(i).map(([x, across]) => {
        const mean = this.#mean(across);
        return mean ? f.dot(this.#reach(set ^ (1 << i), x), mean) : 0;
      }),
    );
    return f.half(f.total(ends));
  }

  /** Σ over the legs y of score j of Cov(x, y) Cov(ȳ, z). */
  #chain(x: Leg, j: Score, z: Leg): Term {
    return this.#once(`chain ${x.name} ${j} ${z.name}`, () =>
      this.#formula.sum(
        hops(j).map(([y, across]) =>
          this.#formula.product(this.#covariance(x, y), this.#covariance(across, z)),
        ),
      ),
    );
  }

  #covariance(x: Leg, y: Leg): Term {
    return this.#once(`covariance ${x.name} ${y.name}`, () => {
      const f = this.#formula;
      const [first, second] = this.#canonical(x, y);
      if (first !== x || second !== y) return this.#covariance(first, second);
      const place = placeOf(x, y);
      if (!place) return f.transposed(this.#covariance(y, x));
      const input = this.#inputs.get(place.input);
      if (!input) return undefined;
      const { [x.of]: rows, [y.of]: columns } = this.#legs.widths;
      const block = f.block(input, place.row * rows, place.column * columns, rows, columns);
      return this.#turned(x, f.transposed(this.#turned(y, f.transposed(block))));
    });
  }

  /** The legs whose covariance stands for that of x and y, where scores are squared. */
  #canonical(x: Leg, y: Leg): readonly [Leg, Leg] {
    const { squared } = this.#legs;
    const among = x.of === y.of && x.group === y.group && x.place < 2 && y.place < 2;
    // Of two legs of one group only the covariance of one with the other is put in.
    if (among)
      return squared[x.of] ? (x.place > y.place === (x.group === "key") ? [x, y] : [y, x]) : [x, y];
    return [squared[x.of] ? firstOf(x) : x, squared[y.of] ? firstOf(y) : y];
  }

  /** The rows of a leg, turned when it is a query that is to be. */
  #turned({ of, group }: Leg, rows: Term): Term {
    const turn = group === "query" ? this.#inputs.get(`${of} turn`) : undefined;
    return turn ? this.#formula.product(turn, rows) : rows;
  }

  #mean(leg: Leg): Term {
    const { name, of, group, place } = this.#legs.squared[leg.of] ? firstOf(leg) : leg;
    return this.#once(`mean ${name}`, () => {
      const means = this.#inputs.get(`${of} ${group} means`);
      return means && this.#formula.block(means, place, 0, 1, this.#legs.widths[of]);
    });
  }

  #once(name: string, make: () => Term): Term {
    if (!this.#terms.has(name)) this.#terms.set(name, make());
    return this.#terms.get(name);
  }

  #onceFactor(name: string, make: () => Factor): Factor {
    const known = this.#factors.get(name) ?? make();
    this.#factors.set(name, known);
    return known;
  }
}

/**
 * The three cycles through all scores, each as two opposite scores and those between; together their
 * halves close the four cycles through three scores too.
 */
const cycles: readonly { from: Score; to: Score; by: readonly [Score, Score] }[] = [
  { from: 1, to: 3, by: [2, 0] },
  { from: 0, to: 3, by: [1, 2] },
  { from: 0, to: 1, by: [2, 3] },
];

/** The legs that a chain between two scores begins and ends with, and those that close the cycle. */
function closings(from: Score, to: Score): readonly (readonly [Leg, Leg, Leg, Leg])[] {
  return hops(from).flatMap(([x, x2]) => hops(to).map(([z, z2]) => [x, z, x2, z2] as const));
}

/** Where the covariance of two legs is put in, in legs; undefined when only that of y with x is. */
function placeOf(
  x: Leg,
  y: Leg,
): { readonly input: InputName; readonly row: number; readonly column: number } | undefined {
  if (x.of !== y.of) {
    if (x.of === "b") return undefined;
    return { input: `${x.group} ${y.group}`, row: x.place, column: y.place };
  }
  if (x.group !== y.group) {
    if (x.group === "query") return undefined;
    return { input: `${x.of} key query`, row: x.place, column: y.place };
  }
  if (x.group === "query") {
    return x.place < y.place ? { input: `${x.of} query query`, row: 0, column: 0 } : undefined;
  }
  if (x.place <= y.place) return undefined;
  return { input: `${x.of} key key`, row: x.place - 1, column: y.place };
}

/** The same leg of the first score of its network; a value is itself. */
function firstOf(leg: Leg): Leg {
  if (leg.place === 2) return leg;
  return legsOf(leg.of === "a" ? 0 : 2)[leg.group];
}

function membersOf(set: number): readonly Score[] {
  return scores.filter((i) => set & (1 << i));
}

/** All subsets of a set of bits, the empty one and itself among them. */
function subsetsOf(set: number): readonly number[] {
  return Array.from({ length: all + 1 }, (_, subset) => subset).filter(
    (subset) => (subset & set) === subset,
  );
}

import { type Head, legCount, type Source, writeLegs, writeMeans } from "./leg-table.ts";
import { multiplyAdd, type Part, traceOfProduct } from "./loops.ts";
import { exchanged } from "./own-legs.ts";

type Sources = (s: number, t: number) => Source | undefined;

interface Means {
  readonly index: number;
  readonly heads: number;
  readonly at: (position: number) => Float64Array;
}

/** A part that moves. */
type Operand = { -readonly [Key in keyof Part]: Part[Key] };

const all = 0b1111;

/**
 * E[s_0 s_1 v · (s_2 s_3 v′)ᵀ] of a head of a (scores 0, 1) and one of b (scores 2, 3) over normal legs, by
 * Wick's theorem without its 945 pairings. Each pairing joins the legs and scores to one path from v to
 * v′, or two from v and v′ to means, and closed cycles or paths between means; so with sets of scores J
 *
 *     Ω = Σ_J path(J) moment(rest) + Σ_{J, K disjoint} ρ(J) ρ′(K)ᵀ moment(rest)
 *
 * where paths through a set of scores are summed by dynamic programming over its subsets, and
 * moment(J) = Σ over partitions of J of Π κ(block). Exact. Scratch is kept between calls.
 */
export class TenLegs {
  readonly #a: number;
  readonly #b: number;
  readonly #size: number;
  /** Covariances of the ten legs; rows of scores hold the other leg, see {@link writeLegs}. */
  readonly #table: Float64Array;
  /** [10, 10]: whether a block of the table is there, by legs. */
  readonly #there: Uint8Array = new Uint8Array(4 * legCount ** 2);
  readonly #means: Float64Array;
  /** For each set of scores, paths from v through it to every leg: [width of a, size]. */
  readonly #paths: readonly Float64Array[];
  /** For each set of scores, paths from a mean in it through all of it to every leg: [size]. */
  readonly #reach: readonly Float64Array[];
  readonly #sum: Float64Array;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #omega: Float64Array;
  /** The operands of the product at hand: there are too many to make each anew. */
  readonly #operands: readonly [Operand, Operand, Operand];

  constructor(widthA: number, widthB: number) {
    this.#a = widthA;
    this.#b = widthB;
    this.#size = legCount * (widthA + widthB);
    this.#table = new Float64Array(this.#size ** 2);
    this.#means = new Float64Array(this.#size);
    this.#paths = subsets.map(() => new Float64Array(widthA * this.#size));
    this.#reach = subsets.map(() => new Float64Array(this.#size));
    const widest = 2 * Math.max(widthA, widthB);
    this.#sum = new Float64Array(widthA * widest);
    this.#left = new Float64Array(widest ** 2);
    this.#right = new Float64Array(widest ** 2);
    this.#omega = new Float64Array(widthA * widthB);
    const operand = () => ({ data: this.#table, start: 0, stride: this.#size });
    this.#operands = [operand(), operand(), operand()];
  }

  /** Takes the head of a; what is taken stays until another is. */
  takeA(head: Head, own: Sources, means: Means | undefined): void {
    this.#take(0, head, own, means);
  }

  takeB(head: Head, own: Sources, means: Means | undefined): void {
    this.#take(legCount * this.#a, head, own, means);
  }

  takeBetween(a: Head, b: Head, between: Sources): void {
    const row = legCount * this.#a;
    const turned: Sources = (s, t) => {
      const found = between(t, s);
      return (
        found && {
          data: found.data,
          row: found.column,
          column: found.row,
          start: (x, y) => found.start(y, x),
        }
      );
    };
    const [first, second] = [
      { head: a, row: 0 },
      { head: b, row },
    ];
    writeLegs(this.#table, this.#size, first, second, between, this.#known(0, legCount));
    writeLegs(this.#table, this.#size, second, first, turned, this.#known(legCount, 0));
  }

  #take(row: number, head: Head, own: Sources, means: Means | undefined): void {
    const first = row === 0 ? 0 : legCount;
    const place = { head, row };
    writeLegs(this.#table, this.#size, place, place, own, this.#known(first, first));
    if (means) writeMeans(this.#means, row, { head, ...means }, means.at);
    else this.#means.fill(0, row, row + legCount * head.width);
  }

  /** Notes which blocks are there, of legs from `row` and `column` on. */
  #known(row: number, column: number): (x: number, y: number, there: boolean) => void {
    return (x, y, there) => {
      this.#there[(row + x) * 2 * legCount + column + y] = there ? 1 : 0;
    };
  }

  /** Ω [width of a, width of b] of what was taken; valid until the next call. */
  omega(): Float64Array {
    const moments = momentsOf(this.#cumulants());
    const omega = this.#omega.fill(0);
    const to: Part = { data: omega, start: 0, stride: this.#b };
    this.#findPaths();
    for (let i = 0; i < 4; i++) {
      const inner = this.#two(i);
      const sum = this.#sum.fill(0);
      for (const set of subsets) {
        if (set & (1 << i)) continue;
        const factor = moments[all ^ set ^ (1 << i)]!;
        if (factor === 0) continue;
        const path = this.#paths[set]!;
        for (let r = 0; r < this.#a; r++) {
          const from = r * this.#size + this.#start(i);
          for (let c = 0; c < inner; c++) sum[r * inner + c]! += factor * path[from + c]!;
        }
      }
      const from: Part = { data: sum, start: 0, stride: inner };
      multiplyAdd(to, from, this.#part(this.#start(i), this.#vB), this.#a, inner, this.#b);
    }
    for (let r = 0; r < this.#a; r++) {
      const from = (this.#vA + r) * this.#size + this.#vB;
      for (let c = 0; c < this.#b; c++)
        omega[r * this.#b + c]! += moments[all]! * this.#table[from + c]!;
    }
    this.#addMeans(moments);
    return omega;
  }

  /** Σ over disjoint J, K of ρ(J) ρ′(K)ᵀ moment(rest), with ρ(∅) the mean of v. */
  #addMeans(moments: Float64Array): void {
    if (this.#centred) return;
    const reached = (set: number): Float64Array => (set === 0 ? this.#means : this.#reach[set]!);
    for (const right of subsets) {
      const to = reached(right).subarray(this.#vB, this.#vB + this.#b);
      if (to.every((entry) => entry === 0)) continue;
      const from = this.#left.fill(0, 0, this.#a);
      for (const left of subsets) {
        if (left & right) continue;
        const factor = moments[all ^ left ^ right]!;
        for (let r = 0; r < this.#a; r++) from[r]! += factor * reached(left)[this.#vA + r]!;
      }
      for (let r = 0; r < this.#a; r++) {
        for (let c = 0; c < this.#b; c++) this.#omega[r * this.#b + c]! += from[r]! * to[c]!;
      }
    }
  }

  #findPaths(): void {
    const first = this.#paths[0]!;
    first.set(this.#table.subarray(this.#vA * this.#size, (this.#vA + this.#a) * this.#size));
    for (const set of subsets) {
      if (set === 0 || set === all) continue;
      const path = this.#paths[set]!.fill(0);
      for (let j = 0; j < 4; j++) {
        if (set & (1 << j)) continue;
        const to: Part = { data: path, start: this.#start(j), stride: this.#size };
        for (let i = 0; i < 4; i++) {
          if (!(set & (1 << i))) continue;
          const before = this.#paths[set ^ (1 << i)]!;
          const from: Part = { data: before, start: this.#start(i), stride: this.#size };
          this.#step(to, from, this.#a, i, j);
        }
      }
    }
  }

  /** κ of every set of scores: closed cycles, and paths between means. */
  #cumulants(): Float64Array {
    const kappa = new Float64Array(16);
    for (let i = 0; i < 4; i++) {
      for (let k = 0; k < this.#two(i); k++) {
        kappa[1 << i]! += this.#table[(this.#start(i) + k) * (this.#size + 1)]! / 2;
      }
      for (let j = 0; j < i; j++) {
        kappa[(1 << i) | (1 << j)] = this.#closed(this.#block(i, j), j, i) / 2;
      }
    }
    // Each product H_ij H_jk closes one cycle of three, and with another one of the three of four.
    const [p, q] = [this.#left, this.#right];
    const one = this.#chain(p, 1, 2, 3);
    kappa[0b1110] = this.#closed(one, 3, 1);
    kappa[all]! += this.#closedBy(one, this.#chain(q, 3, 0, 1), 1, 3);
    const two = this.#chain(p, 0, 1, 3);
    kappa[0b1011] = this.#closed(two, 3, 0);
    const three = this.#chain(q, 3, 2, 0);
    kappa[0b1101] = this.#closed(three, 0, 3);
    kappa[all]! += this.#closedBy(two, three, 0, 3);
    const four = this.#chain(p, 0, 2, 1);
    kappa[0b0111] = this.#closed(four, 1, 0);
    kappa[all]! += this.#closedBy(four, this.#chain(q, 1, 3, 0), 0, 1);
    this.#addOpen(kappa);
    return kappa;
  }

  /** Adds ½ Σ over orders of μᵀ X Γ X … X μ, and finds the paths from means on the way. */
  #addOpen(kappa: Float64Array): void {
    if (this.#centred) return;
    for (const set of subsets) {
      if (set === 0) continue;
      const reach = this.#reach[set]!.fill(0);
      for (let i = 0; i < 4; i++) {
        if (!(set & (1 << i))) continue;
        const before = set ^ (1 << i);
        const start = this.#start(i);
        const own = this.#means.subarray(start, start + this.#two(i));
        const from = before === 0 ? this.#means : this.#reach[before]!;
        const across = exchanged(own);
        let sum = 0;
        for (let k = 0; k < across.length; k++) sum += from[start + k]! * across[k]!;
        kappa[set]! += sum / 2;
        const to: Part = { data: reach, start: 0, stride: 0 };
        const here: Part = { data: from, start, stride: 0 };
        multiplyAdd(to, here, this.#part(start, 0), 1, this.#two(i), this.#size);
      }
    }
  }

  /** H_ij H_jk into scratch. */
  #chain(into: Float64Array, i: number, j: number, k: number): Part {
    const to: Part = { data: into.fill(0), start: 0, stride: this.#two(k) };
    this.#step(to, this.#block(i, j), this.#two(i), j, k);
    return to;
  }

  /** True when every leg has mean 0. */
  get #centred(): boolean {
    return this.#means.every((mean) => mean === 0);
  }

  /** C += A H_ij, of A the columns of score i; blocks of legs that are not there are left out. */
  #step(to: Part, from: Part, rows: number, i: number, j: number): void {
    const [inner, columns] = [this.#two(i) / 2, this.#two(j) / 2];
    for (let x = 0; x < 2; x++) {
      for (let y = 0; y < 2; y++) {
        if (!this.#there[(legOf(i) + x) * 2 * legCount + legOf(j) + y]) continue;
        const [c, a, b] = this.#operands;
        place(c, to, y * columns);
        place(a, from, x * inner);
        b.start = (this.#start(i) + x * inner) * this.#size + this.#start(j) + y * columns;
        multiplyAdd(c, a, b, rows, inner, columns);
      }
    }
  }

  /** tr(P H_ki) for P from score i to k. */
  #closed(path: Part, k: number, i: number): number {
    return this.#closedBy(path, this.#block(k, i), i, k);
  }

  #closedBy(path: Part, back: Part, i: number, k: number): number {
    return traceOfProduct(path, back, this.#two(i), this.#two(k));
  }

  #block(i: number, j: number): Part {
    return this.#part(this.#start(i), this.#start(j));
  }

  #part(row: number, column: number): Part {
    return { data: this.#table, start: row * this.#size + column, stride: this.#size };
  }

  /** Where the legs of score i are. */
  #start(i: number): number {
    return i < 2 ? 2 * this.#a * i : legCount * this.#a + 2 * this.#b * (i - 2);
  }

  #two(i: number): number {
    return 2 * (i < 2 ? this.#a : this.#b);
  }

  get #vA(): number {
    return 4 * this.#a;
  }

  get #vB(): number {
    return legCount * this.#a + 4 * this.#b;
  }
}

/** Moves `to` to where `from` is, some columns on. */
function place(to: Operand, from: Part, columns: number): void {
  to.data = from.data;
  to.start = from.start + columns;
  to.stride = from.stride;
}

/** The first leg of score i among all ten. */
function legOf(i: number): number {
  return i < 2 ? 2 * i : legCount + 2 * (i - 2);
}

/** All sets of four scores as bits, smaller ones before those that hold them. */
const subsets: readonly number[] = Array.from({ length: 16 }, (_, set) => set);

/** moment(J) = Σ over the block with the lowest score of J of κ(block) moment(rest). */
function momentsOf(kappa: Float64Array): Float64Array {
  const moments = new Float64Array(16);
  moments[0] = 1;
  for (const set of subsets) {
    const lowest = set & -set;
    for (const block of subsets) {
      if (set === 0 || (block & set) !== block || !(block & lowest)) continue;
      moments[set]! += kappa[block]! * moments[set ^ block]!;
    }
  }
  return moments;
}

import type { Block, HeldMatrix, Matrix, Program, ProgramGroup } from "../../tensor/index.ts";
import { matrix } from "../../tensor/index.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { AttentionTrace } from "./attention.ts";
import { type BetweenGrams, betweenGrams, type Places } from "./between-grams.ts";
import type { Blocks, Which } from "./blocks.ts";
import { type Group, groupsOf } from "./groups.ts";
import { macsOf } from "./macs.ts";
import { tenLegProgram } from "./ten-leg-program.ts";
import { type InputName, legsIn, type OwnInput, type TenLegs, tenLegInputs } from "./ten-legs.ts";

/** Bytes of the covariances between legs of a and b that are held at a time, when heads of a are more. */
const heldBytes = 2 ** 26;

/** Multiplications of a group of tasks at most, when tasks are less: progress and aborts wait for one. */
const groupMacs = 2 ** 26;

/** Groups that one program computes, with the sums of their targets. */
interface Batch {
  readonly legs: TenLegs;
  readonly program: Program;
  /** Groups that go to one target are added up; a group that goes to more is by itself. */
  readonly sums: Map<string, Sum>;
}

interface Sum {
  readonly groups: Group[];
  /** How often each target has the sum. */
  readonly counts: ReadonlyMap<number, number>;
}

/** Σ_{u, u′} Ω of all heads, summed over the places of each target: [H_a · dh_a, H_b · dh_b]. */
export async function writtenMoments(
  a: AttentionTrace,
  b: AttentionTrace,
  c: Blocks,
  which: Which,
  targets: number,
  arithmetic: Arithmetic,
): Promise<Matrix[]> {
  const { programs, signal } = arithmetic;
  const found = Array.from({ length: targets }, () => matrix(a.heads * a.width, b.heads * b.width));
  const groups = groupsOf(a, b, c.positions, which);
  const batches = batchesOf(a, b, groups);
  const asked = groups.flatMap((group) => placesOf(group, legsOf(a, b, group)));
  const count = headsAtOnce(a, b, asked);
  const wires = new Map<Matrix, HeldMatrix>();
  try {
    for (const block of c.list) {
      if (block && !wires.has(block)) wires.set(block, await programs.load(block));
    }
    for (let from = 0; from < a.heads; from += count) {
      const heads = { from, count: Math.min(count, a.heads - from) };
      const grams = await betweenGrams(a.held, b.held, c, wires, asked, heads, arithmetic);
      try {
        for (const batch of batches) await run(batch, grams, heads);
      } finally {
        grams.release();
      }
    }
  } finally {
    for (const wire of wires.values()) wire.release();
  }
  return found;

  async function run(
    { legs, program, sums }: Batch,
    grams: BetweenGrams,
    heads: { from: number; count: number },
  ): Promise<void> {
    const names = tenLegInputs(legs).map(({ name }) => name);
    const length = Math.max(1, Math.floor(groupMacs / macsOf(program)));
    const places: { sum: Sum; h: number; k: number }[] = [];
    const list: ProgramGroup[] = [];
    for (const sum of sums.values()) {
      for (let h = heads.from; h < heads.from + heads.count; h++) {
        for (let k = 0; k < b.heads; k++) {
          for (let first = 0; first < sum.groups.length; first += length) {
            const tasks = sum.groups.slice(first, first + length).map((group) => ({
              inputs: names.map((name) => inputOf(name, group, h, k, grams)),
              weight: sum.counts.size === 1 ? [...group.counts.values()][0]! : 1,
            }));
            list.push({ tasks });
            places.push({ sum, h, k });
          }
        }
      }
    }
    const results = await programs.run(program, list, { signal });
    for (const [i, { sum, h, k }] of places.entries()) {
      const [omega] = results[i]!;
      for (const [target, times] of sum.counts) {
        addBlock(
          found[target]!,
          h * a.width,
          k * b.width,
          omega!,
          sum.counts.size === 1 ? 1 : times,
        );
      }
    }
  }

  function inputOf(
    name: InputName,
    group: Group,
    h: number,
    k: number,
    grams: BetweenGrams,
  ): Block {
    const { t, u, t2, u2 } = group;
    switch (name) {
      case "query query":
        return grams.at({ name, s: t, t: t2 }, h, k);
      case "query key":
        return grams.at({ name, s: t, t: u2 }, h, k);
      case "key query":
        return grams.at({ name, s: u, t: t2 }, h, k);
      case "key key":
        return grams.at({ name, s: u, t: u2 }, h, k);
    }
    const own = name.slice(2) as OwnInput;
    return name.startsWith("a") ? ownOf(own, a, t, u, h) : ownOf(own, b, t2, u2, k);
  }
}

function ownOf(name: OwnInput, trace: AttentionTrace, t: number, u: number, head: number): Block {
  const { held } = trace;
  switch (name) {
    case "query query":
      return held.queryQuery(t, head);
    case "key query":
      return held.keyQuery(u, t, head);
    case "key key":
      return held.keyKey(u, head);
    case "turn":
      return held.turn(t - u);
    case "unit":
      return held.unit;
    case "query means":
      return held.queryMeans(t, u, head);
    case "key means":
      return held.keyMeans(u, head);
  }
}

/** What is known of the legs of a group. */
function legsOf(a: AttentionTrace, b: AttentionTrace, { t, u, t2, u2 }: Group): TenLegs {
  const alike = a.alike && b.alike;
  const meet = (s: number, p: number) => !alike || s === p;
  return {
    widths: { a: a.width, b: b.width },
    joined: { a: meet(t, u), b: meet(t2, u2) },
    between: {
      "query query": meet(t, t2),
      "query key": meet(t, u2),
      "key query": meet(u, t2),
      "key key": meet(u, u2),
    },
    turned: {
      a: alike && a.turns !== undefined && t !== u,
      b: alike && b.turns !== undefined && t2 !== u2,
    },
    shifted: { a: a.shifted, b: b.shifted },
  };
}

/** Where legs of a group covary. */
function placesOf({ t, u, t2, u2 }: Group, { between }: TenLegs): readonly Places[] {
  const all: readonly Places[] = [
    { name: "query query", s: t, t: t2 },
    { name: "query key", s: t, t: u2 },
    { name: "key query", s: u, t: t2 },
    { name: "key key", s: u, t: u2 },
  ];
  return all.filter(({ name }) => between[name]);
}

const known = new Map<string, Program | undefined>();

/** The groups by the program that computes them; those that are 0 are left out. */
function batchesOf(
  a: AttentionTrace,
  b: AttentionTrace,
  groups: readonly Group[],
): readonly Batch[] {
  const batches = new Map<string, Batch>();
  for (const group of groups) {
    const legs = legsOf(a, b, group);
    const name = JSON.stringify(legs);
    if (!known.has(name)) known.set(name, tenLegProgram(legs));
    const program = known.get(name);
    if (!program) continue;
    const { sums } = batches.get(name) ?? { sums: new Map<string, Sum>() };
    batches.set(name, { legs, program, sums });
    const targets = [...group.counts.keys()];
    const own = targets.length === 1 ? `${targets[0]}` : `${sums.size} alone`;
    const sum = sums.get(own) ?? { groups: [], counts: group.counts };
    sum.groups.push(group);
    sums.set(own, sum);
  }
  return [...batches.values()];
}

/** As many heads of a as fit, at least one. */
function headsAtOnce(a: AttentionTrace, b: AttentionTrace, asked: readonly Places[]): number {
  const bytes = new Map<string, number>();
  for (const { name, s, t } of asked) {
    const [x, y] = name.split(" ") as ["query" | "key", "query" | "key"];
    const entries = legsIn[x] * a.width * legsIn[y] * b.width * b.heads;
    bytes.set(a.alike && b.alike ? name : `${name} ${s} ${t}`, 8 * entries);
  }
  const perHead = [...bytes.values()].reduce((sum, one) => sum + one, 0);
  return Math.min(a.heads, Math.max(1, Math.floor(heldBytes / perHead)));
}

/** Adds times · X to a part of a matrix. */
function addBlock(to: Matrix, row: number, column: number, x: Matrix, times: number): void {
  const [rows, columns] = x.shape;
  for (let i = 0; i < rows; i++) {
    const start = (row + i) * to.shape[1] + column;
    for (let j = 0; j < columns; j++) to.data[start + j]! += times * x.data[i * columns + j]!;
  }
}

import type { Block, HeldMatrix, Matrix, ProgramGroup } from "../../tensor/index.ts";
import { matrix } from "../../tensor/index.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { AttentionTrace } from "./attention.ts";
import { type BetweenGrams, betweenGrams } from "./between-grams.ts";
import type { Blocks, Which } from "./blocks.ts";
import type { Group } from "./groups.ts";
import { macsOf } from "./macs.ts";
import { type Batch, omegaPlan, type Sum } from "./omega-plan.ts";
import { type InputName, type OwnInput, tenLegInputs } from "./ten-legs.ts";

/** Multiplications of a group of tasks at most, when tasks are less: progress and aborts wait for one. */
const groupMacs = 2 ** 26;

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
  const { batches, places, heads: count } = omegaPlan(a, b, c.positions, which);
  const wires = new Map<Matrix, HeldMatrix>();
  try {
    for (const block of c.list) {
      if (block && !wires.has(block)) wires.set(block, await programs.load(block));
    }
    for (let from = 0; from < a.heads; from += count) {
      const heads = { from, count: Math.min(count, a.heads - from) };
      const grams = await betweenGrams(a.held, b.held, c, wires, places, heads, arithmetic);
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
    for (const sum of sums) {
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

/** Adds times · X to a part of a matrix. */
function addBlock(to: Matrix, row: number, column: number, x: Matrix, times: number): void {
  const [rows, columns] = x.shape;
  for (let i = 0; i < rows; i++) {
    const start = (row + i) * to.shape[1] + column;
    for (let j = 0; j < columns; j++) to.data[start + j]! += times * x.data[i * columns + j]!;
  }
}

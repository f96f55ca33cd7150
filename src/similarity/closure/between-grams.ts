import type { Block, HeldMatrix, Matrix, ProgramGroup } from "../../tensor/index.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Blocks } from "./blocks.ts";
import { gramProgram } from "./gram-program.ts";
import type { HeldLegs, LegGroup } from "./held-legs.ts";
import type { Places } from "./omega-plan.ts";
import { type Between, betweens, legsIn } from "./ten-legs.ts";

/** Covariances of the legs of a with those of b, of some heads of a, in the engine. */
export interface BetweenGrams {
  /** Those of head h of a with head k of b at two positions. */
  at(places: Places, h: number, k: number): Block;
  release(): void;
}

/** Rows that a task takes at least, when there are as many. */
const leastRows = 64;

/**
 * P_a C P_bᵀ for the legs of heads `from` … `from + count − 1` of a and all heads of b, at the places that
 * are asked for.
 *
 * @param wires - the blocks of c in the engine
 */
export async function betweenGrams(
  a: HeldLegs,
  b: HeldLegs,
  c: Blocks,
  wires: ReadonlyMap<Matrix, HeldMatrix>,
  asked: readonly Places[],
  { from, count }: { from: number; count: number },
  { programs, signal }: Arithmetic,
): Promise<BetweenGrams> {
  const n = c.positions;
  const alike = a.alike && b.alike;
  const keyOf = ({ s, t }: Places) => (alike ? 0 : s * n + t);
  const indices = new Map(betweens.map((name) => [name, new Map<number, number>()]));
  for (const place of asked) {
    const of = indices.get(place.name)!;
    if (!of.has(keyOf(place))) of.set(keyOf(place), of.size);
  }
  const held = new Map<Between, HeldMatrix>();
  const release = () => {
    for (const one of held.values()) one.release();
  };
  try {
    for (const [name, of] of indices) {
      const [x, y] = name.split(" ") as [LegGroup, LegGroup];
      const rows = of.size * count * legsIn[x] * a.width;
      const columns = b.heads * legsIn[y] * b.width;
      if (of.size > 0) held.set(name, await programs.allocate([rows, columns], "float64"));
    }
    for (const x of ["query", "key"] as const) {
      for (const ys of [["query"], ["key"], ["query", "key"]] as const) await fill(x, ys);
    }
  } catch (error) {
    release();
    throw error;
  }
  return { at, release };

  function at(place: Places, h: number, k: number): Block {
    const [x, y] = place.name.split(" ") as [LegGroup, LegGroup];
    const index = indices.get(place.name)!.get(keyOf(place))!;
    return {
      of: held.get(place.name)!,
      row: (index * count + h - from) * legsIn[x] * a.width,
      column: k * legsIn[y] * b.width,
    };
  }

  /** All places at which legs of group x of a are asked for with legs of these groups of b, and no others. */
  async function fill(x: LegGroup, ys: readonly LegGroup[]): Promise<void> {
    const places = new Set(ys.flatMap((y) => [...indices.get(`${x} ${y}`)!.keys()]));
    const groups: ProgramGroup[] = [];
    const tile = tileOf(count, legsIn[x] * a.width);
    for (const key of places) {
      const [s, t] = [Math.floor(key / n), key % n];
      const others = (["query", "key"] as const).filter((y) => indices.get(`${x} ${y}`)!.has(key));
      if (others.length !== ys.length) continue;
      const of = wires.get(c.at(s, t)!)!;
      for (let h = from; h < from + count; h += tile) {
        const inputs = [
          a.legs(x, s, h),
          { of, row: 0, column: 0 },
          ...ys.map((y) => b.legs(y, t, 0)),
        ];
        groups.push({
          tasks: [{ inputs }],
          into: ys.map((y) => at({ name: `${x} ${y}`, s, t }, h, 0)),
        });
      }
    }
    if (groups.length === 0) return;
    const [{ shape }] = [...wires.values()] as [HeldMatrix];
    const columns = ys.map((y) => b.heads * legsIn[y] * b.width);
    const program = gramProgram(tile * legsIn[x] * a.width, shape, columns);
    await programs.run(program, groups, { signal });
  }
}

/** How many heads a task takes: a divisor of `count`, the least that has enough rows. */
function tileOf(count: number, rows: number): number {
  for (let tile = 1; tile < count; tile++) {
    if (count % tile === 0 && tile * rows >= leastRows) return tile;
  }
  return count;
}

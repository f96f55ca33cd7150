import type { Block, HeldMatrix, ProgramGroup } from "../../tensor/index.ts";
import { identity, type Matrix, matrix } from "../../tensor/index.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Blocks } from "./blocks.ts";
import { gramProgram } from "./gram-program.ts";
import { type Held, HeldLegs, type LegGroup, type LegWeights } from "./held-legs.ts";
import { legsIn } from "./ten-legs.ts";

/**
 * Puts the legs of a layer and their covariances within each head into the engine.
 *
 * @param covariance - of the wire that comes in, with itself
 * @param alike - whether positions are independent and alike
 */
export async function heldLegs(
  layer: LegWeights,
  covariance: Blocks,
  alike: boolean,
  { programs, signal }: Arithmetic,
): Promise<HeldLegs> {
  const { heads, width } = layer;
  const n = covariance.positions;
  const diagonal = Array.from({ length: alike ? 1 : n }, (_, t) => t);
  const keyQueries = diagonal.flatMap((t) =>
    diagonal.flatMap((u) => (t === u || layer.looksAt(t, u) ? [[u, t] as const] : [])),
  );
  const held: HeldMatrix[] = [];
  const kept = <One extends HeldMatrix | undefined>(one: One): One => {
    if (one) held.push(one);
    return one;
  };
  const load = async (one: Matrix | undefined) => kept(one && (await programs.load(one)));
  const room = async (rows: number, columns: number) =>
    kept(await programs.allocate([rows, columns], "float64"));
  const blocks = new Map<Matrix, HeldMatrix>();
  try {
    const all: Held = {
      query: (await load(turnedLegs(layer, "query", alike ? 1 : n)))!,
      key: (await load(turnedLegs(layer, "key", alike ? 1 : n)))!,
      queryQuery: await room(diagonal.length * heads * width, width),
      keyQuery: await room(keyQueries.length * heads * 3 * width, 2 * width),
      keyKey: await room(diagonal.length * heads * 2 * width, 2 * width),
      turn: (await load(turnsOf(layer, n, alike)))!,
      queryMeans: await load(meansOf(layer, "query", n, alike)),
      keyMeans: await load(meansOf(layer, "key", n, alike)),
    };
    const at = new Map(keyQueries.map(([u, t], k) => [u * n + t, k]));
    const legs = new HeldLegs(layer, n, alike, at, all);
    for (const [s, t] of keyQueries) {
      const block = covariance.at(s, t)!;
      if (!blocks.has(block)) blocks.set(block, await programs.load(block));
    }
    const d = layer.weights.key.shape[1];
    const fill = async (
      [rows, columns]: readonly [number, number],
      places: readonly (readonly [number, number])[],
      place: (s: number, t: number, head: number) => readonly [a: Block, b: Block, into: Block],
    ) => {
      const groups = places.flatMap(([s, t]) =>
        Array.from({ length: heads }, (_, head): ProgramGroup => {
          const [a, b, into] = place(s, t, head);
          const c = { of: blocks.get(covariance.at(s, t)!)!, row: 0, column: 0 };
          return { tasks: [{ inputs: [a, c, b] }], into: [into] };
        }),
      );
      await programs.run(gramProgram(rows, [d, d], [columns]), groups, { signal });
    };
    const same = diagonal.map((t) => [t, t] as const);
    await fill([width, width], same, (s, t, head) => {
      const q0 = legs.legs("query", s, head);
      const q1 = legs.legs("query", t, head);
      return [q0, { ...q1, row: q1.row + width }, legs.queryQuery(t, head)];
    });
    await fill([2 * width, 2 * width], same, (s, t, head) => {
      const k1 = legs.legs("key", s, head);
      return [{ ...k1, row: k1.row + width }, legs.legs("key", t, head), legs.keyKey(t, head)];
    });
    await fill([3 * width, 2 * width], keyQueries, (u, t, head) => [
      legs.legs("key", u, head),
      legs.legs("query", t, head),
      legs.keyQuery(u, t, head),
    ]);
    return legs;
  } catch (error) {
    for (const one of held) one.release();
    throw error;
  } finally {
    for (const block of blocks.values()) block.release();
  }
}

/** The legs of a group for each of some positions, turned; as they are where there is one. */
function turnedLegs(
  { weights, heads, width, turns }: LegWeights,
  group: LegGroup,
  positions: number,
): Matrix {
  const { shape, data } = weights[group];
  if (!turns || positions === 1) return weights[group];
  const [rows, d] = shape;
  const turned = matrix(positions * rows, d);
  for (let position = 0; position < positions; position++) {
    const first = position * rows * d;
    turned.data.set(data, first);
    for (const leg of turningLegs(group, heads)) {
      const place = { start: first + leg * width * d, stride: d, count: d, step: 1 };
      turns.turn(turned.data as Float64Array, place, position);
    }
  }
  return turned;
}

/** For each way from −(n − 1) to n − 1 what turns a query by it; the identity alone where none is used. */
function turnsOf({ width, turns }: LegWeights, n: number, alike: boolean): Matrix {
  if (!turns || !alike) return identity(width);
  const table = matrix((2 * n - 1) * width, width);
  const data = table.data as Float64Array;
  for (let way = 1 - n; way < n; way++) {
    const start = (way + n - 1) * width * width;
    data.set(identity(width).data, start);
    const place = { start, stride: width, count: width, step: 1 };
    turns.turn(data, place, Math.abs(way), way < 0 ? -1 : 1);
  }
  return table;
}

/** The means of the legs of a group, turned, one leg a row: for each position, or for each way if alike. */
function meansOf(
  { means, heads, width, turns }: LegWeights,
  group: LegGroup,
  n: number,
  alike: boolean,
): Matrix | undefined {
  if (!means) return undefined;
  const ways = Array.from({ length: 2 * n - 1 }, (_, k) => k + 1 - n);
  const positions = Array.from({ length: n }, (_, position) => position);
  const copies = !alike ? positions : turns && group === "query" ? ways : [0];
  const rows = heads * legsIn[group];
  const table = matrix(copies.length * rows, width);
  const data = table.data as Float64Array;
  for (const [copy, by] of copies.entries()) {
    data.set(means[alike ? 0 : by]![group], copy * rows * width);
    for (const leg of turningLegs(group, heads)) {
      const place = { start: (copy * rows + leg) * width, stride: 1, count: 1, step: 0 };
      turns?.turn(data, place, Math.abs(by), by < 0 ? -1 : 1);
    }
  }
  return table;
}

/** The legs of a group that turn, among those of all heads. */
function turningLegs(group: LegGroup, heads: number): readonly number[] {
  const all = Array.from({ length: heads * legsIn[group] }, (_, leg) => leg);
  return all.filter((leg) => leg % legsIn[group] < 2);
}

import type { Network } from "../../model/index.ts";
import { type Matrix, matrix, Random } from "../../tensor/index.ts";
import { type Head, type Leg, withHeads } from "./heads.ts";

/**
 * The network with one more head in an attention layer, last, that writes nothing: its values or its
 * output are 0. All of the rest of it is free, so the function stays.
 *
 * @param layer - index of the attention layer; default the first
 * @throws {RangeError} when the head is not dead or does not fit the others, or there is no such layer
 */
export function addDeadHead(network: Network, head: Head, layer?: number): Network {
  return withHeads(network, layer, (heads) => {
    const shapes = (one: Head) => JSON.stringify(tensorsOf(one).map(({ shape }) => shape));
    if (shapes(head) !== shapes(heads[0]!)) {
      throw new RangeError(
        "Cannot add a dead head: expected tensors of the shapes of the other heads, found others",
      );
    }
    if (!isZero(head.value) && !isZero(head.output)) {
      throw new RangeError(
        "Cannot add a dead head: expected values or output of zeros, found neither",
      );
    }
    return [...heads, head];
  });
}

/**
 * The network with other weights, N(0, 1) over the square root of the inputs, wherever the heads of an
 * attention layer lead nowhere: where a column of the output is 0, the row of the values that it would
 * read; where a row of the values is 0, the column of the output; where all of either is 0, also the
 * queries and keys with their biases. The function stays.
 *
 * @param layer - index of the attention layer; default the first
 * @throws {RangeError} when there is no such layer
 */
export function rewriteDeadHeads(network: Network, seed: number, layer?: number): Network {
  const random = new Random(seed);
  return withHeads(network, layer, (heads) => heads.map((head) => rewritten(head, random)));
}

/** True when {@link rewriteDeadHeads} has something to write in this head. */
export function hasDeadDirections({ value, output }: Head): boolean {
  return deadRows(value).some(Boolean) || deadColumns(output).some(Boolean);
}

function rewritten(head: Head, random: Random): Head {
  const { value, output } = head;
  const [width, dIn] = value.shape;
  const dOut = output.shape[0];
  const [silent, unread] = [deadRows(value), deadColumns(output)];
  const draw = () => random.normal() / Math.sqrt(dIn);
  const free = (leg: Leg): Leg => ({
    weight: matrix(width, dIn, Float64Array.from(leg.weight.data, draw)),
    bias: leg.bias.map(draw),
  });
  const dead = silent.every(Boolean) || unread.every(Boolean);
  return {
    scores: dead
      ? [
          { query: free(head.scores[0].query), key: free(head.scores[0].key) },
          { query: free(head.scores[1].query), key: free(head.scores[1].key) },
        ]
      : head.scores,
    value: matrix(
      width,
      dIn,
      Float64Array.from(value.data, (entry, i) => (unread[Math.floor(i / dIn)] ? draw() : entry)),
    ),
    // Of a direction that is dead at both ends one end stays so.
    output: matrix(
      dOut,
      width,
      Float64Array.from(output.data, (entry, i) =>
        silent[i % width] && !unread[i % width] ? draw() : entry,
      ),
    ),
  };
}

function tensorsOf({ scores, value, output }: Head): Matrix[] {
  return [...scores.flatMap(({ query, key }) => [query.weight, key.weight]), value, output];
}

function isZero({ data }: Matrix): boolean {
  return data.every((entry) => entry === 0);
}

function deadRows({ shape: [rows, columns], data }: Matrix): boolean[] {
  return Array.from({ length: rows }, (_, i) =>
    data.subarray(i * columns, (i + 1) * columns).every((entry) => entry === 0),
  );
}

function deadColumns({ shape: [, columns], data }: Matrix): boolean[] {
  return Array.from({ length: columns }, (_, j) =>
    data.every((entry, i) => i % columns !== j || entry === 0),
  );
}

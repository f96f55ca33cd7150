/** Which of the two networks of a pair. */
export type Side = "a" | "b";

/**
 * What is known of the ten legs of a term s_0·s_1·v of a head of a and a term s_2·s_3·v′ of a head of b
 * before their numbers are: which of them covary, turn or have means.
 */
export interface TenLegs {
  /** Entries of a leg. */
  readonly widths: Readonly<Record<Side, number>>;
  /** Whether the queries and the keys of one network covary. Queries do with queries, keys with keys. */
  readonly joined: Readonly<Record<Side, boolean>>;
  /** Whether queries (keys) of a covary with queries (keys) of b; values count as keys. */
  readonly between: Readonly<Record<Between, boolean>>;
  /** Whether the queries are to be turned. */
  readonly turned: Readonly<Record<Side, boolean>>;
  /** Whether the legs have means. */
  readonly shifted: Readonly<Record<Side, boolean>>;
  /** Whether the two scores of a network are the same. */
  readonly squared: Readonly<Record<Side, boolean>>;
}

export type Between = "query query" | "query key" | "key query" | "key key";

export const betweens: readonly Between[] = ["query query", "query key", "key query", "key key"];

/** One of the ten legs: queries and keys of two scores, and one value, for each network. */
export interface Leg {
  readonly name: string;
  readonly of: Side;
  readonly group: "query" | "key";
  /** Among the legs of its group: scores in their order, then the value. */
  readonly place: number;
}

export const scores = [0, 1, 2, 3] as const;

export type Score = (typeof scores)[number];

const table: readonly { readonly query: Leg; readonly key: Leg }[] = scores.map((score) => {
  const of = score < 2 ? "a" : "b";
  const place = score % 2;
  return {
    query: { name: `q${score}`, of, group: "query", place },
    key: { name: `k${score}`, of, group: "key", place },
  };
});

/** The legs of a score. */
export function legsOf(score: Score): { readonly query: Leg; readonly key: Leg } {
  return table[score]!;
}

export const values: Readonly<Record<Side, Leg>> = {
  a: { name: "v", of: "a", group: "key", place: 2 },
  b: { name: "w", of: "b", group: "key", place: 2 },
};

/** The legs of a score, each with the other one: a path that comes by one leaves by the other. */
export function hops(score: Score): readonly (readonly [Leg, Leg])[] {
  const { query, key } = legsOf(score);
  return [
    [query, key],
    [key, query],
  ];
}

/** A matrix that a program on ten legs is put in. */
export interface TenLegInput {
  readonly name: InputName;
  readonly rows: number;
  readonly columns: number;
}

/**
 * - `query query` of one network: covariance of q_0 with q_1
 * - `key query`: of k_0, k_1, v with q_0, q_1
 * - `key key`: of k_1, v with k_0, k_1
 * - `turn`: what queries are multiplied by
 * - `unit`: the identity
 * - `query means`, `key means`: one leg a row
 *
 * and without a network the covariances of q_0, q_1 or k_0, k_1, v of a with those of b.
 */
export type InputName = `${Side} ${OwnInput}` | Between;

export type OwnInput =
  | "query query"
  | "key query"
  | "key key"
  | "turn"
  | "unit"
  | "query means"
  | "key means";

/** Number of legs of a group. */
export const legsIn = { query: 2, key: 3 } as const;

/** The inputs of {@link tenLegProgram}, in their order. */
export function tenLegInputs(legs: TenLegs): readonly TenLegInput[] {
  const { a, b } = legs.widths;
  const own = (["a", "b"] as const).flatMap((side) => {
    const width = legs.widths[side];
    const inputs: [OwnInput, boolean, number, number][] = [
      ["query query", true, width, width],
      ["key query", legs.joined[side], 3 * width, 2 * width],
      ["key key", true, 2 * width, 2 * width],
      ["turn", legs.turned[side], width, width],
      ["unit", legs.joined[side], width, width],
      ["query means", legs.shifted[side], 2, width],
      ["key means", legs.shifted[side], 3, width],
    ];
    return inputs.flatMap(([name, there, rows, columns]) =>
      there ? [{ name: `${side} ${name}` as const, rows, columns }] : [],
    );
  });
  const between = betweens.flatMap((name) => {
    const [x, y] = name.split(" ") as ["query" | "key", "query" | "key"];
    const shape = { rows: legsIn[x] * a, columns: legsIn[y] * b };
    return legs.between[name] ? [{ name, ...shape }] : [];
  });
  return [...own, ...between];
}

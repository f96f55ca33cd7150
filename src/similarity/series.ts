import type { Network, NetworkSeries } from "../model/index.ts";

/** Networks to compare: at hand, or loaded one by one. */
export type Series = NetworkSeries | readonly Network[];

/** A network with what messages call it. */
export interface NamedNetwork {
  readonly network: Network;
  readonly name: string;
}

/** A series as the comparison reads it. */
export interface Sequence {
  readonly length: number;
  /** The networks that can be looked at before anything is computed: all at hand, else the first. */
  known(): Promise<readonly NamedNetwork[]>;
  at(index: number): Promise<NamedNetwork>;
  /** True when no network has to be read. */
  readonly isAtHand: boolean;
  /** As {@link NetworkSeries.identity}. */
  identity?(index: number): string | undefined;
}

/**
 * Names are labels, else steps, else indices.
 *
 * @throws {RangeError} when the series is empty
 */
export function sequenceOf(series: Series): Sequence {
  const { length } = series;
  if (!(length >= 1)) {
    throw new RangeError(
      `Cannot compare a series of networks: expected at least 1, found ${length}`,
    );
  }
  if (isAtHand(series))
    return atHand(series.map((network, i) => ({ network, name: `network ${i}` })));
  const at = async (index: number): Promise<NamedNetwork> => {
    const step = series.steps?.[index];
    const name =
      series.labels?.[index] ?? (step === undefined ? `network ${index}` : `step ${step}`);
    return { network: await series.network(index), name };
  };
  // Looked at before the rest, the first is kept for when it is asked for, so that it is read once.
  let first: NamedNetwork | undefined;
  return {
    length,
    async known() {
      first ??= await at(0);
      return [first];
    },
    async at(index) {
      const kept = index === 0 ? first : undefined;
      if (index === 0) first = undefined;
      return kept ?? at(index);
    },
    isAtHand: false,
    ...(series.identity && { identity: series.identity.bind(series) }),
  };
}

/** Two networks, called a and b. */
export function pairOf(a: Network, b: Network): Sequence {
  return atHand([
    { network: a, name: "a" },
    { network: b, name: "b" },
  ]);
}

function atHand(networks: readonly NamedNetwork[]): Sequence {
  return {
    length: networks.length,
    known: async () => networks,
    at: async (index) => networks[index]!,
    isAtHand: true,
  };
}

/** The steps and labels of a series, for the axes of a result. */
export function axisOf(series: Series): {
  readonly steps?: readonly number[];
  readonly labels?: readonly string[];
} {
  if (isAtHand(series)) return {};
  const { steps, labels } = series;
  return { ...(steps ? { steps } : {}), ...(labels ? { labels } : {}) };
}

function isAtHand(series: Series): series is readonly Network[] {
  return Array.isArray(series);
}

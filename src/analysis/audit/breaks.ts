import type { Finding } from "./finding.ts";

/** A network of a series, and its angles in radians to the next one and the one after, where there are. */
export interface Link {
  readonly index: number;
  readonly label: string;
  readonly next?: number;
  readonly afterNext?: number;
}

/** Angles below this are rounding or rest. */
const small = 1e-3;

/**
 * Where a series does not look like one run, in which every network lies between its neighbours:
 *
 * - a network off the path: its neighbours are less than half as far from each other as from it
 * - two in the wrong order: with them exchanged the path is at most three quarters as long
 * - a jump: more than 4 times as far as the steps before and after it, and more than 0.3 rad (17°)
 *
 * A smooth run has its neighbours about twice as far from each other, one that only rests in noise about
 * as far, so neither is found. The first network may be far from the rest, as before training.
 */
export function breaks(links: readonly Link[]): Finding[] {
  const next = (i: number): number => links[i]?.next ?? 0;
  const skip = (i: number): number => links[i]?.afterNext ?? 0;
  const label = (i: number): string => links[i]!.label;

  const isOffPath = (i: number): boolean => {
    const nearest = Math.min(next(i - 1), next(i));
    return nearest > small && skip(i - 1) < nearest / 2;
  };
  const isExchanged = (i: number): boolean => {
    if (i + 2 >= links.length || next(i - 1) <= small) return false;
    const path = next(i - 1) + next(i) + next(i + 1);
    return skip(i - 1) + next(i) + skip(i) <= 0.75 * path;
  };
  const isJump = (i: number): boolean =>
    next(i - 1) > 0 && next(i) > 0.3 && next(i) > 4 * Math.max(next(i - 1), next(i + 1));

  const findings: Finding[] = [];
  const found = (at: readonly number[], message: string): void => {
    findings.push({ kind: "break", checkpoints: at.map((i) => links[i]!.index), message });
  };
  for (let i = 1; i + 1 < links.length; i++) {
    const [before, here] = [degrees(next(i - 1)), degrees(next(i))];
    if (isOffPath(i)) {
      found(
        [i],
        `${label(i)} does not belong between ${label(i - 1)} and ${label(i + 1)}: it is ${before} and ${here} from them, they are ${degrees(skip(i - 1))} apart`,
      );
    } else if (isExchanged(i)) {
      found([i, i + 1], `${label(i)} and ${label(i + 1)} seem to be in the wrong order`);
    } else if (isJump(i)) {
      found(
        [i, i + 1],
        `From ${label(i)} to ${label(i + 1)} the network turns by ${here}, before by ${before}: it may be another run`,
      );
    }
  }
  return findings;
}

function degrees(angle: number): string {
  return `${((180 * angle) / Math.PI).toPrecision(2)}°`;
}

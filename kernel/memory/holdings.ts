import { sizeOf } from "../../src/protocol/index.ts";
import { sizeText } from "./memory.ts";

/** A variable, and about how many bytes it keeps. */
export interface Holding {
  readonly name: string;
  readonly bytes: number;
}

/** Milliseconds for which sizes are taken; with very many variables the last ones are not counted. */
const patience = 100;
const most = 5;
/** Bytes below which a variable is not worth naming. */
const least = 1e6;

/**
 * The largest of these variables, the largest first.
 *
 * @param resident bytes of the process: texts that share their parts are counted once for each, and no
 *   variable keeps more than there is
 */
export function largest(
  variables: Iterable<readonly [name: string, value: unknown]>,
  resident: number = Number.POSITIVE_INFINITY,
  now: () => number = () => performance.now(),
): readonly Holding[] {
  const until = now() + patience;
  const holdings: Holding[] = [];
  for (const [name, value] of variables) {
    const bytes = Math.min(sizeOf(value), resident);
    if (bytes >= least) holdings.push({ name, bytes });
    if (now() > until) break;
  }
  return holdings.sort((a, b) => b.bytes - a.bytes).slice(0, most);
}

/** Variables as a sentence says them: `weights 1.2 GB, series 300 MB`. */
export function holdingsText(holdings: readonly Holding[]): string {
  return holdings.map(({ name, bytes }) => `${name} ${sizeText(bytes)}`).join(", ");
}

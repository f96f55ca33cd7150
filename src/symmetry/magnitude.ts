import type { Numbers } from "../tensor/index.ts";

/** The largest entry, signs aside. */
export function largest(data: Numbers): number {
  let most = 0;
  for (const entry of data) most = Math.max(most, Math.abs(entry));
  return most;
}

/** Root of the mean square. */
export function rms(data: Numbers): number {
  let squares = 0;
  for (const entry of data) squares += entry * entry;
  return Math.sqrt(squares / data.length);
}

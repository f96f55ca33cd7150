import type { Finding } from "./finding.ts";

/** The steps at which a run seems to have been stored. */
export interface Schedule {
  /** How they are spaced, as a phrase: `"every 100 steps"`. */
  readonly spacing: string;
  readonly steps: readonly number[];
}

/**
 * The schedule that the steps of a series follow, some of which may be missing: the same distance apart,
 * the same factor apart, or ⌊last · (i / (count − 1))^exponent⌋ for a whole exponent from 2 to 6. The first
 * and last are taken to be there. Undefined for fewer than 5 steps, and where none of these is followed.
 */
export function scheduleOf(steps: readonly number[]): Schedule | undefined {
  const known = [...new Set(steps)].sort((a, b) => a - b);
  if (known.length < 5) return undefined;
  return evenly(known) ?? byFactor(known) ?? byPower(known);
}

/** One finding for the steps of a schedule that a series has not; none when it has all. */
export function missing(steps: readonly number[], schedule: Schedule): Finding[] {
  const known = new Set(steps);
  const absent = schedule.steps.filter((step) => !known.has(step));
  if (absent.length === 0) return [];
  const shown = absent.length > 12 ? [...absent.slice(0, 12), "…"] : absent;
  const count = absent.length === 1 ? "1 step is" : `${absent.length} steps are`;
  const message = `${count} missing of a schedule of ${schedule.spacing}: ${shown.join(", ")}`;
  return [{ kind: "missing", checkpoints: [], message }];
}

/** Steps with one distance between most neighbours; the last may be off, as the end of training is. */
function evenly(steps: readonly number[]): Schedule | undefined {
  const distance = mostCommon(steps.slice(1).map((step, i) => step - steps[i]!));
  if (distance === undefined) return undefined;
  const first = steps[0]!;
  const isOn = (step: number) => (step - first) % distance === 0;
  if (!steps.slice(0, -1).every(isOn)) return undefined;
  const count = Math.floor((steps.at(-1)! - first) / distance) + 1;
  const all = Array.from({ length: count }, (_, i) => first + i * distance);
  return { spacing: `every ${distance} steps`, steps: all };
}

/** Steps with one whole ratio between most neighbours, after a step 0 or not. */
function byFactor(steps: readonly number[]): Schedule | undefined {
  const positive = steps.filter((step) => step > 0);
  const factor = mostCommon(positive.slice(1).map((step, i) => step / positive[i]!));
  if (factor === undefined || !Number.isInteger(factor)) return undefined;
  const all: number[] = [];
  for (let step = positive[0]!; step <= positive.at(-1)!; step *= factor) all.push(step);
  if (!positive.slice(0, -1).every((step) => all.includes(step))) return undefined;
  return { spacing: `steps each ${factor} times the one before`, steps: all };
}

/** The power law that has all of the steps and the fewest others, at most a tenth as many. */
function byPower(steps: readonly number[]): Schedule | undefined {
  const last = steps.at(-1)!;
  let best: Schedule | undefined;
  for (let exponent = 2; exponent <= 6; exponent++) {
    for (let count = steps.length; count <= 2 * steps.length + 10; count++) {
      const all = new Set(
        Array.from({ length: count }, (_, i) => Math.floor(last * (i / (count - 1)) ** exponent)),
      );
      const most = best?.steps.length ?? Math.floor(1.1 * steps.length) + 1;
      if (all.size >= most || !steps.every((step) => all.has(step))) continue;
      const spacing = `${count} steps that grow with the power ${exponent}`;
      best = { spacing, steps: [...all] };
    }
  }
  return best;
}

/** The number that is more than half of these; undefined when none is. */
function mostCommon(numbers: readonly number[]): number | undefined {
  return numbers.find(
    (one) => 2 * numbers.filter((other) => other === one).length > numbers.length,
  );
}

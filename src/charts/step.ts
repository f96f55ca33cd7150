/** A training step as short as an axis needs it: 0, 100, 1k, 12.5k, 100k, 2M. */
export function stepText(step: number): string {
  for (const [unit, name] of units) {
    const value = rounded(step / unit);
    if (Math.abs(value) >= 1) return `${value}${name}`;
  }
  return String(rounded(step));
}

const units = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** To the four digits that are shown. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** A training step in full: 12,345. */
export function longStepText(step: number): string {
  return step.toLocaleString("en", { maximumFractionDigits: 3 });
}

/** A tick of an axis on which every checkpoint has the same room. */
export interface StepTick {
  /** Place among the checkpoints: 0 is the first, fractions lie between two. */
  readonly index: number;
  readonly step: number;
}

/**
 * Ticks of an axis with one place per checkpoint. Evenly spaced steps get evenly spaced round numbers;
 * others 0, the powers of ten, then 5 and 2 times these, as far as there is room. Where every checkpoint
 * has the room, each has its own.
 *
 * @param steps ascending
 * @param length of the axis, and `room` that a label needs, in one unit
 */
export function stepTicks(steps: ArrayLike<number>, length: number, room: number): StepTick[] {
  const last = steps.length - 1;
  if (last < 0) return [];
  const perPlace = length / steps.length;
  if (perPlace >= room) return Array.from(steps, (step, index) => ({ index, step }));
  const chosen: StepTick[] = [];
  for (const step of candidates(steps, length / room)) {
    const index = indexOf(steps, step);
    if (index < 0) continue;
    if (chosen.every((tick) => Math.abs(tick.index - index) * perPlace >= room)) {
      chosen.push({ index, step });
    }
  }
  return chosen.sort((a, b) => a.index - b.index);
}

/** Round numbers within the steps, the most wanted first. */
function candidates(steps: ArrayLike<number>, most: number): number[] {
  const first = steps[0]!;
  const last = steps[steps.length - 1]!;
  if (isEven(steps)) {
    const raw = (last - first) / Math.max(1, most);
    const power = 10 ** Math.floor(Math.log10(raw || 1));
    const stride = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * (1 - 1e-9)) ?? 1;
    const whole = Number.isInteger(first) && Number.isInteger(last) ? Math.max(1, stride) : stride;
    const found: number[] = [];
    for (let k = Math.ceil(first / whole); k * whole <= last + whole * 1e-9; k++) {
      found.push(Number((k * whole).toPrecision(12)));
    }
    return found;
  }
  const powers = Array.from({ length: 25 }, (_, k) => 10 ** (k - 6));
  return [0, ...[1, 5, 2].flatMap((m) => powers.map((power) => m * power).reverse())];
}

/** The largest gap between steps is at most 1.5 times the smallest. */
function isEven(steps: ArrayLike<number>): boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 1; i < steps.length; i++) {
    const gap = steps[i]! - steps[i - 1]!;
    least = Math.min(least, gap);
    most = Math.max(most, gap);
  }
  return most <= 1.5 * least;
}

/** Where `step` lies among ascending `steps`, between two by proportion; −1 outside. */
function indexOf(steps: ArrayLike<number>, step: number): number {
  for (let i = 0; i < steps.length; i++) {
    const here = steps[i]!;
    if (here === step) return i;
    if (here < step) continue;
    if (i === 0) return -1;
    const before = steps[i - 1]!;
    return i - 1 + (step - before) / (here - before);
  }
  return -1;
}

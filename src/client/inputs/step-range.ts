import { longStepText } from "../../charts/index.ts";
import { element } from "../element.ts";
import type { Input } from "../scope/inputs.ts";
import { field, tellInput } from "./field.ts";
import { type Steps, stepsOf } from "./steps-of.ts";

export interface StepRangeOptions {
  /** What stands beside it. Default "Steps". */
  readonly label?: string | Node;
  /** First and last step at first. Default all of them. */
  readonly value?: readonly [first: number, last: number];
  /** How the handles lie along the line: "log" (default) gives the early steps the room they need. */
  readonly scale?: "log" | "linear";
  readonly disabled?: boolean;
}

/** How many steps PageUp and PageDown go. */
const page = 10;

/**
 * Two handles on one line: the first and the last training step of a part of a run, both among the steps
 * that there are. On a log scale a step s lies at log(1 + s − s₀) / log(1 + s₁ − s₀), s₀ and s₁ the least
 * and the greatest. Arrow keys go from one step to the next.
 *
 * @param steps training step of each checkpoint, in any order, or the series that has them
 * @throws {TypeError} when there is no step
 */
export function stepRange(
  steps: Steps,
  options: StepRangeOptions = {},
): Input<[first: number, last: number]> {
  const { label = "Steps", scale = "log", disabled = false } = options;
  const all = [...new Set(stepsOf("choose steps", steps))].sort((a, b) => a - b);
  const [least, greatest] = [all[0]!, all.at(-1)!];
  const place = (step: number) => {
    if (least === greatest) return 0;
    return scale === "linear"
      ? (step - least) / (greatest - least)
      : Math.log1p(step - least) / Math.log1p(greatest - least);
  };
  const places = all.map(place);
  const handle = (name: string) =>
    element("input", { type: "range", min: 0, max: 1, step: "any", "aria-label": name, disabled });
  const handles = [handle("first step"), handle("last step")] as const;
  const output = element("output");
  const track = element("div", { class: "field-track" }, ...handles);
  /** Indices among `all`. */
  const chosen: [number, number] = [0, all.length - 1];

  const show = () => {
    for (const [side, one] of handles.entries()) {
      const index = chosen[side]!;
      one.value = String(places[index]);
      one.setAttribute("aria-valuetext", `step ${longStepText(all[index]!)}`);
    }
    track.style.setProperty("--from", String(places[chosen[0]]));
    track.style.setProperty("--to", String(places[chosen[1]]));
    // Where both are at the end, the first one is what can be moved.
    handles[0].style.zIndex = chosen[0] === all.length - 1 ? "2" : "";
    const [from, to] = chosen.map((index) => longStepText(all[index]!));
    output.textContent = `${from} to ${to} · ${chosen[1] - chosen[0] + 1} of ${all.length}`;
  };
  const move = (side: number, index: number) => {
    const inside = Math.min(all.length - 1, Math.max(0, index));
    chosen[side] = side === 0 ? Math.min(inside, chosen[1]) : Math.max(inside, chosen[0]);
    show();
  };
  for (const [side, one] of handles.entries()) {
    one.addEventListener("input", () => move(side, nearest(places, one.valueAsNumber)));
    one.addEventListener("keydown", (event) => {
      const index = indexAfter(event.key, chosen[side]!, all.length);
      if (index === undefined) return;
      event.preventDefault();
      const before = chosen[side];
      move(side, index);
      if (chosen[side] !== before) tellInput(one);
    });
  }
  const write = (value: unknown) => {
    if (!Array.isArray(value) || value.length !== 2) return;
    const [from, to] = value.map(Number) as [number, number];
    if (!(from <= to)) return;
    chosen[0] = nearest(all, from);
    chosen[1] = nearest(all, to);
    show();
  };
  show();
  write(options.value);
  const body = element("div", {}, track, output);
  return field({
    label,
    kind: "steps",
    body,
    read: () => [all[chosen[0]]!, all[chosen[1]]!],
    write,
  });
}

/** Index of the entry that is nearest to `value`, the first of two that are. */
function nearest(ascending: readonly number[], value: number): number {
  let best = 0;
  for (const [index, entry] of ascending.entries()) {
    if (Math.abs(entry - value) < Math.abs(ascending[best]! - value)) best = index;
  }
  return best;
}

function indexAfter(key: string, index: number, length: number): number | undefined {
  const by: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: page,
    PageDown: -page,
    Home: -length,
    End: length,
  };
  const step = by[key];
  return step === undefined ? undefined : index + step;
}

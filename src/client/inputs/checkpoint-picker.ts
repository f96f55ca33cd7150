import { longStepText } from "../../charts/index.ts";
import { element } from "../element.ts";
import type { Input } from "../scope/inputs.ts";
import { field } from "./field.ts";
import { type Steps, stepsOf } from "./steps-of.ts";

export interface CheckpointPickerOptions {
  /** What stands beside it. Default "Checkpoint". */
  readonly label?: string | Node;
  /** Names of the checkpoints, in their order; by default each is called by its step. */
  readonly labels?: readonly string[];
  /** Place of the one chosen at first, from 0. Default the last. */
  readonly value?: number;
  readonly disabled?: boolean;
}

/**
 * A slider and a menu of the checkpoints of a run: the place of one among them, from 0. Arrow keys go from
 * one to the next, Home and End to the first and last.
 *
 * @param steps training step of each checkpoint, or the series that has them
 * @throws {TypeError} when there is no step, or not a label for each
 */
export function checkpointPicker(
  steps: Steps,
  options: CheckpointPickerOptions = {},
): Input<number> {
  const all = stepsOf("choose a checkpoint", steps);
  const { label = "Checkpoint", labels, disabled = false } = options;
  if (labels && labels.length !== all.length) {
    throw new TypeError(
      `Cannot choose a checkpoint: expected ${all.length} labels, found ${labels.length}`,
    );
  }
  const last = all.length - 1;
  const name = (index: number) => labels?.[index] ?? `step ${longStepText(all[index]!)}`;
  const slider = element("input", { type: "range", min: 0, max: last, step: 1, disabled });
  const menu = element(
    "select",
    { "aria-label": "Checkpoint by name", disabled },
    ...all.map((_, index) => element("option", { value: index }, name(index))),
  );
  let value = last;
  const write = (wanted: unknown) => {
    const index = Number(wanted);
    if (typeof wanted !== "number" || !Number.isInteger(index) || index < 0 || index > last) return;
    value = index;
    slider.value = String(index);
    slider.setAttribute("aria-valuetext", `${name(index)}, ${index + 1} of ${all.length}`);
    menu.value = String(index);
  };
  write(options.value ?? last);
  write(value);
  slider.addEventListener("input", () => write(slider.valueAsNumber));
  menu.addEventListener("input", () => write(Number(menu.value)));
  const body = element("div", {}, slider, menu);
  return field({ label, kind: "checkpoint", body, control: slider, read: () => value, write });
}

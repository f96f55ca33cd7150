import { button, element } from "../element.ts";
import type { Input } from "../scope/inputs.ts";
import { field, tellInput } from "./field.ts";

export interface OutputPickerOptions {
  /** What stands beside it. Default "Output". */
  readonly label?: string | Node;
  /** The one chosen at first, from 0; null (default) is all of them. */
  readonly value?: number | null;
  /** False: one is always chosen. Default true. */
  readonly all?: boolean;
  /** What an output is called, e.g. `(o) => vocabulary[o]`; it is searched for as well. */
  readonly format?: (output: number) => string;
  readonly disabled?: boolean;
}

/** More than that are not offered while one types: their numbers are found all the same. */
const mostOffered = 2_000;

let count = 0;

/**
 * Chooses an output of a network, as `slice` of `similarity` and `similarityMatrix`: its number from 0, or
 * null for all together. One types its number, or a part of what it is called; the arrows go to the next.
 *
 * @param outputs how many there are
 * @throws {TypeError} when that is no whole number above 0
 */
export function outputPicker(
  outputs: number,
  options: OutputPickerOptions = {},
): Input<number | null> {
  if (!Number.isSafeInteger(outputs) || outputs < 1) {
    throw new TypeError(
      `Cannot choose an output: expected how many there are, found ${String(outputs)}`,
    );
  }
  const { label = "Output", all = true, format = String, disabled = false } = options;
  const isAllowed = (value: unknown): value is number | null =>
    value === null
      ? all
      : typeof value === "number" && Number.isInteger(value) && value >= 0 && value < outputs;
  let value: number | null = all ? null : 0;
  const list = element("datalist", { id: `outputs-${++count}` });
  const offered = Math.min(outputs, mostOffered);
  for (let output = 0; output < offered; output++) {
    list.append(element("option", { value: format(output) }));
  }
  const box = element("input", {
    type: "text",
    list: list.id,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: all ? "all outputs" : "",
    disabled,
  });
  const show = () => {
    box.value = value === null ? "" : format(value);
    box.removeAttribute("aria-invalid");
    box.title = "";
  };
  const write = (wanted: unknown) => {
    if (!isAllowed(wanted)) return;
    value = wanted;
    show();
  };
  const step = (by: number) => {
    const first = all ? -1 : 0;
    const next = Math.min(outputs - 1, Math.max(first, (value ?? -1) + by));
    const wanted = next < 0 ? null : next;
    if (wanted === value) return;
    write(wanted);
    tellInput(form);
  };
  const take = (isDone: boolean) => {
    // What stands in the box is the chosen one, though others may have its name.
    const isShown = value !== null && box.value === format(value);
    const wanted = isShown ? value : outputOf(box.value, outputs, format);
    const isGood = wanted !== undefined && isAllowed(wanted);
    if (isGood && wanted !== value) {
      value = wanted;
      tellInput(form);
    }
    if (isDone) show();
    else if (isGood) box.removeAttribute("aria-invalid");
    else {
      box.setAttribute("aria-invalid", "true");
      box.title = `Expected an output from 0 to ${outputs - 1}${all ? ", or nothing for all" : ""}`;
    }
  };
  box.addEventListener("input", (event) => {
    // Half of a number is none yet: the form tells when there is one.
    event.stopPropagation();
    take(false);
  });
  box.addEventListener("change", () => take(true));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    step(event.key === "ArrowUp" ? 1 : -1);
  });
  const body = element(
    "div",
    {},
    box,
    list,
    button("‹", () => step(-1), { "aria-label": "Output before", disabled }),
    button("›", () => step(1), { "aria-label": "Next output", disabled }),
    element("span", { class: "field-note" }, `of ${outputs.toLocaleString("en")}`),
  );
  const form = field({ label, kind: "output", body, control: box, read: () => value, write });
  show();
  if (options.value !== undefined) write(options.value);
  return form;
}

/**
 * The output that a text means: its name, in capitals or small letters where there is none written so, its
 * number, or the only one whose name has the text in it.
 */
function outputOf(
  text: string,
  outputs: number,
  format: (output: number) => string,
): number | null | undefined {
  if (text === "") return null;
  const wanted = text.trim().toLowerCase();
  const offered = Array.from({ length: Math.min(outputs, mostOffered) }, (_, o) => o);
  const named =
    offered.find((output) => format(output) === text) ??
    offered.find((output) => wanted !== "" && format(output).toLowerCase() === wanted);
  if (named !== undefined) return named;
  if (wanted === "" || wanted === "all" || wanted === "all outputs") return null;
  if (/^\d+$/.test(wanted)) return Number(wanted);
  const similar = offered.filter((output) => format(output).toLowerCase().includes(wanted));
  return similar.length === 1 ? similar[0] : undefined;
}

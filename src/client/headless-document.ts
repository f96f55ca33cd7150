import { Window } from "happy-dom";
import { inertWindow } from "../headless/index.ts";

/** Globals that Node has and that must be the document's own: its elements take no other's events. */
const replaced = ["Event", "CustomEvent", "EventTarget"];

/**
 * Gives this process a document, and with it all the globals of a page that Node lacks, until the
 * returned function is called. No script in it runs and nothing is loaded.
 */
export function installDocument(): () => Promise<void> {
  const window = new Window(inertWindow);
  mendNumberControls(window);
  const before = new Map<string, PropertyDescriptor | undefined>();
  const source = window as unknown as Readonly<Record<string, unknown>>;
  for (const name of new Set([...Object.getOwnPropertyNames(window), ...replaced, "document"])) {
    if (name in globalThis && !replaced.includes(name)) continue;
    before.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, {
      value: source[name],
      configurable: true,
      writable: true,
    });
  }
  return async () => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
    await window.happyDOM.close();
  };
}

/** A number control's limits as the HTML standard reads them. */
interface NumberControl {
  readonly type: string;
  readonly min: string;
  readonly max: string;
  readonly step: string;
  readonly required: boolean;
  value: string;
  getAttribute(name: string): string | null;
}

/**
 * happy-dom takes a range for a plain text and finds 0.12 no multiple of 0.01. Here a range holds the
 * nearest value its limits and its step admit, by default their middle, and a number is valid when it is
 * within its limits and on its step: HTML standard, "range state" and "number state" of `input`.
 */
function mendNumberControls(window: Window): void {
  const prototype = window.HTMLInputElement.prototype as unknown as NumberControl;
  const plain = Object.getOwnPropertyDescriptor(prototype, "value")!;
  const read = (control: NumberControl): string => plain.get!.call(control);
  const isNumeric = (control: NumberControl) =>
    control.type === "range" || control.type === "number";
  Object.defineProperties(prototype, {
    value: {
      configurable: true,
      get(this: NumberControl) {
        return this.type === "range" ? String(admitted(this, read(this))) : read(this);
      },
      set(this: NumberControl, value: string) {
        const isRange = this.type === "range";
        plain.set!.call(this, isRange ? String(admitted(this, String(value))) : value);
      },
    },
    valueAsNumber: {
      configurable: true,
      get(this: NumberControl) {
        const text = this.value;
        return isNumeric(this) && text.trim() !== "" ? Number(text) : Number.NaN;
      },
      set(this: NumberControl, value: number) {
        this.value = Number.isFinite(value) ? String(value) : "";
      },
    },
    checkValidity: {
      configurable: true,
      value(this: NumberControl) {
        const text = this.value;
        if (!isNumeric(this)) return true;
        if (text.trim() === "") return !this.required;
        const value = Number(text);
        const { low, high } = limits(this);
        return Number.isFinite(value) && value >= low && value <= high && isOnStep(this, value);
      },
    },
  });
}

/** The value of a range for a text that was set: within the limits, on the step. */
function admitted(control: NumberControl, text: string): number {
  const { min, max } = control;
  const low = min === "" || !Number.isFinite(Number(min)) ? 0 : Number(min);
  const top = max === "" || !Number.isFinite(Number(max)) ? 100 : Number(max);
  const high = Math.max(low, top);
  const asked = Number(text);
  const isValid = text.trim() !== "" && Number.isFinite(asked);
  const value = Math.min(high, Math.max(low, isValid ? asked : low + (high - low) / 2));
  const step = stepOf(control);
  if (step === undefined) return value;
  const onStep = (count: number) => decimal(low + count * step, [low, step]);
  const nearest = onStep(Math.floor((value - low) / step + 0.5 + 1e-9));
  return nearest > high ? onStep(Math.floor((high - low) / step + 1e-9)) : nearest;
}

function isOnStep(control: NumberControl, value: number): boolean {
  const step = stepOf(control);
  if (step === undefined) return true;
  const { low } = limits(control);
  const count = (value - (Number.isFinite(low) ? low : 0)) / step;
  return Math.abs(count - Math.round(count)) <= 1e-9 * Math.max(1, Math.abs(count));
}

function limits({ min, max }: NumberControl): { low: number; high: number } {
  const bound = (text: string, none: number) => (text === "" ? none : Number(text));
  return { low: bound(min, Number.NEGATIVE_INFINITY), high: bound(max, Number.POSITIVE_INFINITY) };
}

/** The step; 1 when none is given, undefined when every value is on it. */
function stepOf(control: NumberControl): number | undefined {
  const text = control.getAttribute("step");
  if (text === "any") return undefined;
  const step = Number(text);
  return text !== null && step > 0 ? step : 1;
}

/** `value` with no more decimals than any of `parts`, as a person would write it. */
function decimal(value: number, parts: readonly number[]): number {
  const decimals = parts.map((part) => /(?:\.(\d+))?(?:e(-?\d+))?$/.exec(String(part))!);
  const digits = decimals.map(([, behind = "", power = "0"]) => behind.length - Number(power));
  return Number(value.toFixed(Math.min(100, Math.max(0, ...digits))));
}

// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { checkpointPicker } from "../../../src/client/inputs/checkpoint-picker.ts";
import { outputPicker } from "../../../src/client/inputs/output-picker.ts";
import { similaritySettings } from "../../../src/client/inputs/similarity-settings.ts";
import { stepRange } from "../../../src/client/inputs/step-range.ts";
import { setViewText, viewText } from "../../../src/client/link/view-text.ts";
import type { Input } from "../../../src/client/scope/inputs.ts";
import { find, press, told, type } from "../../support/input-hands.ts";

test("each input is labelled, is a form that a submit leaves alone, and can be out of use", () => {
  const makers = [
    (disabled: boolean) => checkpointPicker([0, 1], { label: "L", disabled }),
    (disabled: boolean) => stepRange([0, 1], { label: "L", disabled }),
    (disabled: boolean) => outputPicker(3, { label: "L", disabled }),
    (disabled: boolean) => similaritySettings({ label: "L", metrics: ["closure"], disabled }),
  ];
  for (const make of makers) {
    const input = make(false);
    document.body.replaceChildren(input);
    const label = find(input, ".field-label");
    const of = label.getAttribute("for");
    expect(label.textContent).toBe("L");
    if (of === null) {
      expect(find(input, "[role=group]").getAttribute("aria-labelledby")).toBe(label.id);
    } else expect(find(input, `#${of}`)).not.toBeNull();
    const submit = new Event("submit", { cancelable: true });
    input.dispatchEvent(submit);
    expect(submit.defaultPrevented).toBe(true);
    const controls = make(true).querySelectorAll<HTMLInputElement>("input, select, button");
    expect(Array.from(controls).every((control) => control.disabled)).toBe(true);
  }
});

test("a checkpoint is chosen by slider or menu, which show the same; the value is its place", () => {
  const input = checkpointPicker([0, 100, 5000], { labels: ["start", "memorised", "grokked"] });
  const values = told<number>(input);
  const [slider, menu] = [
    find<HTMLInputElement>(input, "[type=range]"),
    find<HTMLSelectElement>(input, "select"),
  ];
  expect(input.value).toBe(2);
  expect(Array.from(menu.options, ({ textContent }) => textContent)).toEqual([
    "start",
    "memorised",
    "grokked",
  ]);
  slider.valueAsNumber = 1;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  expect([input.value, menu.value, slider.getAttribute("aria-valuetext")]).toEqual([
    1,
    "1",
    "memorised, 2 of 3",
  ]);
  type(menu, "0");
  expect([values, slider.value]).toEqual([[1, 0], "0"]);
  input.value = 2;
  expect([input.value, values.length]).toEqual([2, 2]);
  for (const bad of [3, -1, 0.5, "1", null]) {
    input.value = bad as number;
    expect(input.value).toBe(2);
  }
  expect(checkpointPicker([0, 1234]).textContent).toContain("step 1,234");
});

test("a range of steps is snapped to those there are, and its ends do not cross", () => {
  const input = stepRange([100, 0, 10, 1000, 10]);
  const values = told<[number, number]>(input);
  const [first, last] = [...input.querySelectorAll<HTMLInputElement>("input")] as [
    HTMLInputElement,
    HTMLInputElement,
  ];
  expect(input.value).toEqual([0, 1000]);
  expect(find(input, "output").textContent).toBe("0 to 1,000 · 4 of 4");
  // log(1 + 10) / log(1 + 1000) = 0.347, log(1 + 100) / log(1 + 1000) = 0.668.
  type(first, "0.4");
  expect(input.value).toEqual([10, 1000]);
  expect(Number(first.value)).toBeCloseTo(Math.log(11) / Math.log(1001), 12);
  expect(first.getAttribute("aria-valuetext")).toBe("step 10");
  type(last, "0.1");
  expect(input.value).toEqual([10, 10]);
  press(last, "ArrowRight");
  press(first, "End");
  press(first, "ArrowRight");
  press(last, "PageUp");
  press(first, "Home");
  expect(values).toEqual([
    [10, 1000],
    [10, 10],
    [10, 100],
    [100, 100],
    [100, 1000],
    [0, 1000],
  ]);
  input.value = [9, 120];
  expect([input.value, values.length]).toEqual([[10, 100], 6]);
  for (const bad of [[100, 10], [1], "x", null, [Number.NaN, 1]]) {
    input.value = bad as [number, number];
    expect(input.value).toEqual([10, 100]);
  }
});

test("on a linear scale a step lies by proportion; of one step there is one place", () => {
  const input = stepRange([0, 25, 100], { scale: "linear", value: [25, 100] });
  expect(find<HTMLInputElement>(input, "input").value).toBe("0.25");
  input.value = [25, 25];
  expect(input.value).toEqual([25, 25]);
  expect(stepRange([7]).value).toEqual([7, 7]);
});

test("the line shows the part that is chosen, and where both ends are last the first is on top", () => {
  const input = stepRange([0, 25, 100], { scale: "linear", value: [25, 100] });
  const track = find(input, ".field-track");
  const [first] = input.querySelectorAll("input");
  const shown = () => [
    track.style.getPropertyValue("--from"),
    track.style.getPropertyValue("--to"),
    first!.style.zIndex,
  ];
  expect(shown()).toEqual(["0.25", "1", ""]);
  input.value = [100, 100];
  expect(shown()).toEqual(["1", "1", "2"]);
  input.value = [0, 25];
  expect(shown()).toEqual(["0", "0.25", ""]);
});

test("PageUp and PageDown go ten steps, Home and End to the ends", () => {
  const input = stepRange(Array.from({ length: 40 }, (_, step) => step));
  const values = told<[number, number]>(input);
  const [first, last] = input.querySelectorAll("input");
  for (const key of ["PageUp", "ArrowUp", "ArrowLeft", "ArrowDown", "PageDown"]) press(first!, key);
  for (const key of ["PageDown", "End", "Home", "Escape"]) press(last!, key);
  expect(values.map(([from, to]) => `${from} ${to}`)).toEqual([
    "10 39",
    "11 39",
    "10 39",
    "9 39",
    "0 39",
    "0 29",
    "0 39",
    "0 0",
  ]);
});

test("an input can be used unless it is said to be out of use", () => {
  for (const input of [checkpointPicker([0, 1]), stepRange([0, 1]), outputPicker(3)]) {
    expect(input.querySelector(":disabled")).toBeNull();
  }
});

test("settings are what similarityMatrix takes", () => {
  const input = similaritySettings({
    metrics: ["closure", "recursion"],
    value: { precision: "float32" },
  });
  const values = told(input);
  expect(input.value).toEqual({ symmetrise: true, precision: "float32" });
  const [symmetrise, float64] = [...input.querySelectorAll<HTMLInputElement>("input")] as [
    HTMLInputElement,
    HTMLInputElement,
  ];
  symmetrise.checked = false;
  symmetrise.dispatchEvent(new Event("input", { bubbles: true }));
  float64.checked = true;
  float64.dispatchEvent(new Event("input", { bubbles: true }));
  type(find<HTMLSelectElement>(input, "select"), "recursion");
  expect(values).toEqual([
    { symmetrise: false, precision: "float32" },
    { symmetrise: false, precision: "float64" },
    { symmetrise: false, precision: "float64", metric: "recursion" },
  ]);
  input.value = { symmetrise: true, precision: "float64" };
  expect([input.value, values.length]).toEqual([{ symmetrise: true, precision: "float64" }, 3]);
  for (const bad of [{ precision: "float16" }, { metric: "mine" }, { symmetrise: 1 }, null, 3]) {
    input.value = bad as never;
    expect(input.value).toEqual({ symmetrise: true, precision: "float64" });
  }
});

test("their state can be said by an address, and what they do not take is refused", () => {
  for (const [make, text, bad] of [
    [() => checkpointPicker([0, 10, 100]), "1", "7"],
    [() => stepRange([0, 10, 100]), "[0,10]", "[0,11]"],
    [() => outputPicker(113), "7", "113"],
    [() => similaritySettings(), '{"symmetrise":false,"precision":"float32"}', '{"precision":"x"}'],
  ] as const) {
    const input = make() as Input<unknown>;
    const before = viewText(input);
    expect(setViewText(input, bad)).toBe(false);
    expect(viewText(input)).toBe(before);
    expect(setViewText(input, text)).toBe(true);
    expect(viewText(input)).toBe(text);
  }
});

test("what cannot be chosen from is said", () => {
  for (const [make, message] of [
    [() => checkpointPicker([]), "Cannot choose a checkpoint: expected steps, found none"],
    [
      () => checkpointPicker([1], { labels: [] }),
      "Cannot choose a checkpoint: expected 1 labels, found 0",
    ],
    [
      () => stepRange([0, Number.NaN]),
      "Cannot choose steps: expected numbers for steps, found NaN at 1",
    ],
    [() => outputPicker(0), "Cannot choose an output: expected how many there are, found 0"],
    [
      () => similaritySettings({ value: { metric: "mine" as never } }),
      'Cannot choose settings: expected some of float64, float32, found {"metric":"mine"}',
    ],
  ] as const) {
    expect(make).toThrow(new TypeError(message));
  }
});

test("steps are asked of the series or the matrix that has them", () => {
  expect(stepRange({ length: 3, steps: [0, 10, 500] }).value).toEqual([0, 500]);
  expect(checkpointPicker({ steps: [0, 10] }).value).toBe(checkpointPicker([0, 10]).value);
  expect(() => stepRange({ steps: undefined })).toThrow(
    "Cannot choose steps: expected steps, found none",
  );
});

// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { outputPicker } from "../../../src/client/inputs/output-picker.ts";
import { find, press, told, type } from "../../support/input-hands.ts";

test("an output is chosen by its number, by a part of its name, or step by step; none is all of them", () => {
  const input = outputPicker(113, { format: (output) => `answer ${output}` });
  const values = told<number | null>(input);
  const box = find<HTMLInputElement>(input, "input");
  const [before, next] = [...input.querySelectorAll("button")] as [
    HTMLButtonElement,
    HTMLButtonElement,
  ];
  expect([input.value, box.placeholder, input.querySelectorAll("option").length]).toEqual([
    null,
    "all outputs",
    113,
  ]);
  type(box, "17");
  type(box, "answer 18");
  type(box, "r 112");
  expect(input.value).toBe(112);
  press(box, "ArrowUp");
  expect(input.value).toBe(112);
  press(box, "ArrowDown");
  next.click();
  type(box, "");
  next.click();
  before.click();
  before.click();
  expect(values).toEqual([17, 18, 112, 111, 112, null, 0, null]);
  type(box, "113");
  expect([input.value, box.getAttribute("aria-invalid"), box.title]).toEqual([
    null,
    "true",
    "Expected an output from 0 to 112, or nothing for all",
  ]);
  type(box, "answ");
  type(box, "answ", "change");
  expect([input.value, box.value, box.getAttribute("aria-invalid")]).toEqual([null, "", null]);
  input.value = 5;
  expect([box.value, values.length]).toEqual(["answer 5", 8]);
  for (const bad of [113, -1, 1.5, "5", undefined]) {
    input.value = bad as number;
    expect(input.value).toBe(5);
  }
});

test("of outputs with names alike the one that is written so is chosen, and stays", () => {
  const names = ["The", "the", " the", "all", "the", "THE END"];
  const input = outputPicker(names.length, { format: (output) => names[output]! });
  const values = told<number | null>(input);
  const box = find<HTMLInputElement>(input, "input");
  for (const text of ["the", " the", "The", "tHE", "all", "ALL OUTPUTS", " ", "end"]) {
    type(box, text);
    values.push(-1);
  }
  expect(values).toEqual([1, -1, 2, -1, 0, -1, -1, 3, -1, null, -1, -1, 5, -1]);
  input.value = 4;
  type(box, box.value, "change");
  expect([input.value, box.value]).toEqual([4, "the"]);
});

test("where one output is always chosen, nothing does not stand for all", () => {
  const input = outputPicker(3, { all: false });
  expect(find<HTMLInputElement>(input, "input").placeholder).toBe("");
  expect(input.value).toBe(0);
  find<HTMLButtonElement>(input, "button").click();
  input.value = null;
  expect(input.value).toBe(0);
});

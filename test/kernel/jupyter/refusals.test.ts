import { expect, test } from "vitest";
import { Refusals } from "../../../kernel/jupyter/refusals.ts";

test("a sentence is told once, and at the end how often it came", () => {
  const told: string[] = [];
  const refusals = new Refusals((sentence) => told.push(sentence));
  for (let i = 0; i < 5_000; i++) refusals.refuse("Cannot a");
  refusals.refuse("Cannot b");
  expect(told).toEqual(["Cannot a", "Cannot b"]);
  refusals.close();
  expect(told.slice(2)).toEqual(["Cannot a (5000 times)"]);
});

test("sentences that all differ are told up to a hundred, then one for all of them", () => {
  const told: string[] = [];
  const refusals = new Refusals((sentence) => told.push(sentence));
  for (let i = 0; i < 5_000; i++) refusals.refuse(`Cannot ${i}`);
  expect(told).toHaveLength(101);
  expect(told.at(-1)).toBe("Cannot take messages for more reasons than are told");
});

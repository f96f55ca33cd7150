import { expect, test } from "vitest";
import { CellTimes } from "../../../src/client/cell/cell-times.ts";

test("two long runs one after the other are long; once refused, never again", () => {
  const times = new CellTimes();
  times.add(6_000);
  times.add(10);
  times.add(6_000);
  expect(times.isLong).toBe(false);
  times.add(6_000);
  expect(times.isLong).toBe(true);
  times.refuse();
  times.add(6_000);
  expect(times.isLong).toBe(false);
});

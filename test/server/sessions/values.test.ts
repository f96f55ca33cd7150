import { expect, test } from "vitest";
import { KeptValues } from "../../../server/sessions/values.ts";

const frame = (byte: number) => Uint8Array.of(byte);

test("a value is kept until every page it was made for has a newer one of the cell", () => {
  const values = new KeptValues();
  values.keep("p", "cell", "r1", frame(1));
  values.keep("q", "cell", "r1", frame(1));
  values.keep("p", "cell", "r2", frame(2));
  expect(values.get("cell", "r1")).toEqual(frame(1));
  values.supersede("q", "cell");
  expect(values.get("cell", "r1")).toBeUndefined();
  expect(values.get("cell", "r2")).toEqual(frame(2));
});

test("another cell's values are not superseded, nor another page's", () => {
  const values = new KeptValues();
  values.keep("p", "a", "r", frame(1));
  values.keep("p", "b", "r", frame(2));
  values.keep("q", "b", "s", frame(3));
  values.forget("p");
  expect(values.get("a", "r")).toBeUndefined();
  expect(values.get("b", "r")).toBeUndefined();
  expect(values.get("b", "s")).toEqual(frame(3));
});

test("the same result kept again is kept", () => {
  const values = new KeptValues();
  values.keep("p", "a", "r", frame(1));
  values.keep("p", "a", "r", frame(1));
  expect(values.get("a", "r")).toEqual(frame(1));
  values.supersede("p", "a");
  values.supersede("p", "a");
  expect(values.get("a", "r")).toBeUndefined();
});

test("names that look like one another are not one another", () => {
  const values = new KeptValues();
  values.keep("p", 'a","b', "r", frame(1));
  expect(values.get("a", 'b","r')).toBeUndefined();
  values.keep("p/a", "b", "r", frame(2));
  values.supersede("p", "a/b");
  expect(values.get("b", "r")).toEqual(frame(2));
});

test("beyond a gigabyte the oldest goes first, the newest never", () => {
  const values = new KeptValues();
  const large = { length: 600 * 1024 * 1024 } as Uint8Array;
  values.keep("p", "a", "r", large);
  values.keep("p", "b", "r", large);
  expect(values.get("a", "r")).toBeUndefined();
  expect(values.get("b", "r")).toBe(large);
  values.keep("p", "c", "r", { length: 2 ** 31 } as Uint8Array);
  expect(values.get("c", "r")).toBeDefined();
});

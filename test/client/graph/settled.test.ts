import { expect, test } from "vitest";
import { Invalidated, settled } from "../../../src/client/graph/settled.ts";

const never = new Promise<void>(() => {});

test("what is neither promise nor generator is handed back as it is", () => {
  const value = { next: 1, return: 2 };
  expect(settled(value, never)).toBe(value);
  expect(settled(undefined, never)).toBe(undefined);
});

test("a promise gives what it gives, unless it is invalidated before", async () => {
  expect(await settled(Promise.resolve(1), never)).toBe(1);
  await expect(settled(Promise.reject(new Error("no")), never)).rejects.toThrow("no");
  await expect(settled(never, Promise.resolve())).rejects.toBeInstanceOf(Invalidated);
});

test("the first step of a generator is interrupted, of either kind", async () => {
  const first = (generator: unknown) => (generator as Iterator<unknown>).next();
  const waiting = settled(
    { next: () => ({ done: false, value: never }), return: () => {} },
    Promise.resolve(),
  );
  const { value } = first(waiting);
  await expect(value).rejects.toBeInstanceOf(Invalidated);
  async function* slow() {
    await never;
    yield 1;
  }
  await expect(first(settled(slow(), Promise.resolve()))).rejects.toBeInstanceOf(Invalidated);
});

test("a generator's later steps are its own, and it can be ended", () => {
  let ended = false;
  function* counting() {
    try {
      for (let n = 1; ; n++) yield n;
    } finally {
      ended = true;
    }
  }
  const generator = settled(counting(), never) as Generator<number>;
  expect([generator.next().value, generator.next().value]).toEqual([1, 2]);
  generator.return(0);
  expect(ended).toBe(true);
});

test("a promise of a generator gives a generator", async () => {
  const made = settled(Promise.resolve([7][Symbol.iterator]()), never) as Promise<Iterator<number>>;
  expect(typeof (await made).next).toBe("function");
});

test("a first step that is taken too late is interrupted too", async () => {
  const steps = settled(
    { next: () => ({ done: false, value: never }), return: () => {} },
    Promise.resolve(),
  );
  await Promise.resolve();
  await Promise.resolve();
  const { value } = (steps as Iterator<unknown>).next();
  await expect(value).rejects.toBeInstanceOf(Invalidated);
});

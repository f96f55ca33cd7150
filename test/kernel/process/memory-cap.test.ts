import { expect, test } from "vitest";
import { memoryCap } from "../../../kernel/process/memory-cap.ts";

test.for<[string, number]>([
  ["512MB", 512e6],
  ["4GB", 4e9],
  ["1.5 g", 1.5e9],
  ["2GiB", 2 ** 31],
  ["300mib", 300 * 2 ** 20],
  ["268435456", 2 ** 28],
])("%s is a cap of %s bytes", ([text, bytes]) => {
  expect(memoryCap({ SIMILE_MEMORY: text })).toBe(bytes);
});

test("by default three quarters of what there is, and enough to work with", () => {
  expect(memoryCap({}, 16e9)).toBe(12e9);
  expect(memoryCap({ SIMILE_MEMORY: "" }, 16e9)).toBe(12e9);
  expect(memoryCap({}, 100e6)).toBe(256e6);
  const own = memoryCap({});
  expect(own).toBeGreaterThanOrEqual(256e6);
  expect(own).toBeLessThan(2 ** 50);
});

test.for(["lots", "4TB", "-1GB", "100MB", "1GB 2", "0"])("%j is refused", (text) => {
  expect(() => memoryCap({ SIMILE_MEMORY: text })).toThrow(
    `Cannot use SIMILE_MEMORY: expected a size of at least 256 MB such as 4GB, found ${JSON.stringify(text)}`,
  );
});

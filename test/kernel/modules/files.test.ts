import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { absent, isFile, meantBy, stampOf } from "../../../kernel/modules/files.ts";
import { temporaryFolder } from "../../support/folder.ts";

test.for<[string, string[], string | undefined]>([
  ["a.js", ["a.js", "a.ts"], "a.js"],
  ["a.js", ["a.ts", "a.js.ts"], "a.ts"],
  ["a.js", ["a.tsx"], "a.tsx"],
  ["a.mjs", ["a.mts"], "a.mts"],
  ["a.cjs", ["a.cts", "a.ts"], "a.cts"],
  ["a", ["a.js", "a.ts"], "a.ts"],
  ["a.b", ["a.b.json"], "a.b.json"],
  ["a", ["a/index.js", "a.mjs"], "a.mjs"],
  ["a", ["a/index.js"], "a/index.js"],
  ["a.ts", ["a.js"], undefined],
])("%s, where there are %j, means %s", ([path, files, meant]) => {
  expect(meantBy(path, (file) => files.includes(file))).toBe(meant);
});

test("a folder is no file", async () => {
  const folder = await temporaryFolder();
  expect([isFile(folder), isFile(join(folder, "none"))]).toEqual([false, false]);
});

test("a file written anew as it was is the same; with another letter it is not, nor when it is gone", async () => {
  const file = join(await temporaryFolder(), "a.ts");
  expect(stampOf(file)).toBe(absent);
  writeFileSync(file, "1");
  const stamp = stampOf(file);
  utimesSync(file, 0, 0);
  expect(stampOf(file)).toBe(stamp);
  expect(stampOf(file.replace(/ts$/, "js"))).toBe(stamp);
  writeFileSync(file, "2");
  expect(stampOf(file)).not.toBe(stamp);
});

test("files of more than a megabyte are told apart by size and time", async () => {
  const file = join(await temporaryFolder(), "a.json");
  for (const [size, isHashed] of [
    [1024 * 1024, true],
    [1024 * 1024 + 1, false],
  ] as const) {
    writeFileSync(file, Buffer.alloc(size, "a"));
    utimesSync(file, 1, 1);
    const stamp = stampOf(file);
    utimesSync(file, 2, 2);
    expect(stampOf(file) === stamp).toBe(isHashed);
  }
});

test("what cannot be read is absent", async () => {
  const folder = join(await temporaryFolder(), "a.ts");
  mkdirSync(folder);
  expect(stampOf(folder)).toBe(absent);
});

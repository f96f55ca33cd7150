import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FileWatch } from "../../../server/documents/watch.ts";

function watched(): { file: string; folder: string; calls: () => number } {
  const folder = mkdtempSync(join(tmpdir(), "simile-watch-"));
  const file = join(folder, "a.md");
  writeFileSync(file, "one");
  let calls = 0;
  const watch = new FileWatch(file, () => {
    calls += 1;
  });
  onTestFinished(() => watch.close());
  return { file, folder, calls: () => calls };
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 150));

test("a write, and a burst of writes, are told once each", async () => {
  const { file, calls } = watched();
  writeFileSync(file, "two");
  await quiet();
  expect(calls()).toBe(1);
  for (let round = 0; round < 10; round++) writeFileSync(file, `round ${round}`);
  await quiet();
  expect(calls()).toBe(2);
});

test("a file renamed over it is told, again and again", async () => {
  const { file, folder, calls } = watched();
  for (let round = 1; round <= 3; round++) {
    writeFileSync(join(folder, ".a.md.swp"), `round ${round}`);
    renameSync(join(folder, ".a.md.swp"), file);
    await quiet();
    expect(calls()).toBe(round);
  }
});

test("deletion and being made again are told", async () => {
  const { file, calls } = watched();
  rmSync(file);
  await quiet();
  expect(calls()).toBe(1);
  writeFileSync(file, "again");
  await quiet();
  expect(calls()).toBe(2);
});

test("other files of the folder are not told", async () => {
  const { folder, calls } = watched();
  writeFileSync(join(folder, "b.md"), "b");
  await quiet();
  expect(calls()).toBe(0);
});

test("a folder that is moved away and back is noticed without being told", async () => {
  const { folder, file, calls } = watched();
  await quiet();
  renameSync(folder, `${folder}-away`);
  await expect.poll(calls, { timeout: 3000 }).toBeGreaterThan(0);
  const before = calls();
  renameSync(`${folder}-away`, folder);
  writeFileSync(file, "back");
  await expect.poll(calls, { timeout: 3000 }).toBeGreaterThan(before);
});

import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { History } from "../../../server/editing/history.ts";

const day = 24 * 3_600_000;

function history() {
  const folder = mkdtempSync(join(tmpdir(), "simile-history-"));
  return { folder, kept: new History(folder, "/a.md") };
}

test("texts are listed newest first and found under their names; the same text twice in a row is one", async () => {
  const { folder, kept } = history();
  await kept.keep("one", "opened", 1);
  await kept.keep("one", "saved", 2);
  await kept.keep("two", "saved", 3);
  await kept.keep("one", "disk", 4);
  for (const reader of [kept, new History(folder, "/a.md")]) {
    const list = await reader.list();
    expect(list.map(({ cause, time, bytes }) => [cause, time, bytes])).toEqual([
      ["disk", 4, 3],
      ["saved", 3, 3],
      ["opened", 1, 3],
    ]);
    expect(list[0]!.version).toBe(list[2]!.version);
    expect(await reader.text(list[1]!.version)).toBe("two");
  }
  expect(await new History(folder, "/b.md").list()).toEqual([]);
});

test("what is older than 90 days goes, texts and all; the newest stays however old", async () => {
  const { folder, kept } = history();
  await kept.keep("old", "saved", 0);
  await kept.keep("new", "saved", 91 * day);
  expect((await kept.list()).map(({ time }) => time)).toEqual([91 * day]);
  expect(readdirSync(join(folder, readdirSync(folder)[0]!))).toHaveLength(2);
});

test("it stays within its size", async () => {
  const { kept } = history();
  for (let count = 0; count < 18; count++) {
    await kept.keep(String(count).padEnd(4 * 1024 * 1024), "saved", count);
  }
  expect(await kept.list()).toHaveLength(16);
});

test("a name that is none finds nothing", async () => {
  const { kept } = history();
  for (const version of ["../x", "versions", "0".repeat(64)]) {
    expect(await kept.text(version)).toBeUndefined();
  }
});

import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
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

test("texts that are not kept any more go with their entries", async () => {
  const { folder, kept } = history();
  for (const [index, text] of ["a", "b", "c"].entries()) await kept.keep(text, "saved", index);
  await kept.keep("d", "saved", 200 * day);
  expect((await kept.list()).map(({ time }) => time)).toEqual([200 * day, 2, 0]);
  expect(readdirSync(join(folder, readdirSync(folder)[0]!))).toHaveLength(4);
});

test("it stays within its size", async () => {
  const { kept } = history();
  for (let count = 0; count < 18; count++) {
    await kept.keep(String(count).padEnd(4 * 1024 * 1024), "saved", count);
  }
  const list = await kept.list();
  expect(list).toHaveLength(16);
  expect([list[0]!.time, list.at(-1)!.time]).toEqual([17, 0]);
});

test("a document that has another path takes its history along, to what there was before", async () => {
  const { folder, kept } = history();
  const there = new History(folder, "/b.md");
  await there.keep("earlier", "saved", 1);
  await kept.keep("one", "opened", 2);
  await kept.keep("two", "saved", 3);
  await kept.move(there);
  for (const reader of [there, new History(folder, "/b.md")]) {
    const texts = (await reader.list()).map(({ version }) => reader.text(version));
    expect(await Promise.all(texts)).toEqual(["two", "one", "earlier"]);
  }
  expect(await new History(folder, "/a.md").list()).toEqual([]);
  expect(readdirSync(folder)).toHaveLength(1);
});

test("a name that is none finds nothing, nor does one that leads out", async () => {
  const { folder, kept } = history();
  await kept.keep("one", "saved", 1);
  const name = "0".repeat(64);
  writeFileSync(join(folder, name), "another's");
  for (const version of ["../x", "versions", name, `../${name}`, `${name}/`]) {
    expect(await kept.text(version)).toBeUndefined();
  }
});

import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeUnfinished } from "../../../server/editing/unfinished.ts";
import { FileChangedError, writeWorkbook } from "../../../server/editing/write-workbook.ts";
import { temporaryPrefix } from "../../../src/checkpoint/files/index.ts";

function folder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "simile-write-")));
}

const isRoot = process.getuid?.() === 0;

test("the mode of the file stays, and nothing is left beside it", async () => {
  const file = join(folder(), "a.md");
  writeFileSync(file, "old");
  for (const mode of [0o600, 0o644, 0o666, 0o755]) {
    chmodSync(file, mode);
    await writeWorkbook(file, `new ${mode}`, readFileSync(file, "utf8"));
    expect(statSync(file).mode & 0o777).toBe(mode);
    expect(readFileSync(file, "utf8")).toBe(`new ${mode}`);
  }
  expect(readdirSync(join(file, ".."))).toEqual(["a.md"]);
});

test.skipIf(!isRoot)("the owner and the group of the file stay", async () => {
  const file = join(folder(), "a.md");
  writeFileSync(file, "old");
  chownSync(file, 12_345, 54_321);
  chmodSync(file, 0o640);
  await writeWorkbook(file, "new", "old");
  expect(statSync(file)).toMatchObject({ uid: 12_345, gid: 54_321 });
  expect(statSync(file).mode & 0o777).toBe(0o640);
});

test("a name as long as a name can be is saved under, and what a killed server left of it is removed", async () => {
  const top = folder();
  for (const name of [`${"n".repeat(252)}.md`, `${"ü".repeat(126)}.md`, `${"🦔".repeat(63)}.md`]) {
    const file = join(top, name);
    await writeWorkbook(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    writeFileSync(join(top, `${temporaryPrefix(file)}${2 ** 22 + 1}.0.tmp`), "");
    await removeUnfinished(file);
  }
  expect(readdirSync(top)).toHaveLength(3);
});

test("what another program wrote after the file was read is not written over", async () => {
  const file = join(folder(), "a.md");
  writeFileSync(file, "theirs");
  await expect(writeWorkbook(file, "new", "old")).rejects.toThrow(FileChangedError);
  await expect(writeWorkbook(file, "new")).rejects.toThrow(
    "Cannot save a.md: another program writes it",
  );
  expect(readFileSync(file, "utf8")).toBe("theirs");
  expect(readdirSync(join(file, ".."))).toEqual(["a.md"]);
});

test("a link to the file stays a link", async () => {
  const top = folder();
  const file = join(top, "a.md");
  writeFileSync(file, "old");
  symlinkSync("a.md", join(top, "link.md"));
  await writeWorkbook(realpathSync(join(top, "link.md")), "new", "old");
  expect(lstatSync(join(top, "link.md")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(top, "link.md"), "utf8")).toBe("new");
});

test("a folder swapped for a link elsewhere is not written to", async () => {
  const top = folder();
  mkdirSync(join(top, "books"));
  mkdirSync(join(top, "secret"));
  writeFileSync(join(top, "books", "a.md"), "old");
  renameSync(join(top, "books"), join(top, "gone"));
  symlinkSync("secret", join(top, "books"));
  await expect(writeWorkbook(join(top, "books", "a.md"), "new")).rejects.toThrow(
    "Cannot save a.md: its folder now is another one",
  );
  expect(readdirSync(join(top, "secret"))).toEqual([]);
});

test("a folder that is gone is said", async () => {
  await expect(writeWorkbook(join(folder(), "none", "a.md"), "new")).rejects.toThrow(
    "Cannot save a.md: its folder is not there any more",
  );
});

test.skipIf(isRoot)(
  "a file that may not be written is left alone, though its folder may",
  async () => {
    const file = join(folder(), "a.md");
    writeFileSync(file, "old");
    chmodSync(file, 0o444);
    await expect(writeWorkbook(file, "new", "old")).rejects.toThrow(
      "Cannot save a.md: this user may not write the file or its folder",
    );
    expect(readFileSync(file, "utf8")).toBe("old");
  },
);

test("what a server that was killed left beside a file is removed, and nothing else", async () => {
  const top = folder();
  const names = [
    `.a.md.${2 ** 22 + 1}.0.tmp`,
    `.a.md.${process.pid}.0.tmp`,
    ".b.md.1.0.tmp",
    "a.md",
  ];
  for (const name of names) writeFileSync(join(top, name), "");
  await removeUnfinished(join(top, "a.md"));
  expect(readdirSync(top).sort()).toEqual(names.slice(1).sort());
});

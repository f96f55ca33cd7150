import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { WorkbookFolder } from "../../../server/documents/folder.ts";
import {
  freeCopy,
  moveNew,
  newWorkbookText,
  writeNew,
} from "../../../server/documents/new-workbook.ts";
import { parseWorkbook } from "../../../src/workbook/index.ts";
import { temporaryFolder } from "../../support/folder.ts";

/** Set for a disk that is full once a file has been made on it. */
const disk = vi.hoisted(() => ({ isFull: false }));

vi.mock("node:fs/promises", async (original) => {
  const files = await original<typeof import("node:fs/promises")>();
  return {
    ...files,
    open: async (...given: Parameters<typeof files.open>): Promise<FileHandle> => {
      const handle = await files.open(...given);
      if (disk.isFull) {
        const { writeFile } = handle;
        handle.writeFile = async () => {
          await writeFile.call(handle, "half");
          throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
        };
      }
      return handle;
    },
  };
});

test("a new workbook says its title and nothing more, in either format", () => {
  expect(newWorkbookText("a.md", "A")).toBe("# A\n");
  const html = parseWorkbook("a.html", newWorkbookText("a.html", "A & B"));
  expect(html.title).toBe("A & B");
  expect(html.cells).toMatchObject([{ kind: "prose", source: "# A & B", anonymous: true }]);
  expect(html.diagnostics).toEqual([]);
});

test("a file that is there is not written over", async () => {
  const file = join(await temporaryFolder(), "a.md");
  await writeNew("a.md", file, "mine");
  await expect(writeNew("a.md", file, "other")).rejects.toThrow(
    "Cannot make a.md: it exists already",
  );
  expect(readFileSync(file, "utf8")).toBe("mine");
});

test("of a file that the disk does not take nothing is left, and the reason is said", async () => {
  const folder = await temporaryFolder();
  disk.isFull = true;
  try {
    await expect(writeNew("a.md", join(folder, "a.md"), "text")).rejects.toThrow(
      "Cannot make a.md: the disk is full",
    );
  } finally {
    disk.isFull = false;
  }
  expect(readdirSync(folder)).toEqual([]);
});

test("a file gets another name, and never that of another file", async () => {
  const folder = await temporaryFolder();
  const [a, b] = [join(folder, "a.md"), join(folder, "b.md")];
  writeFileSync(a, "a");
  await moveNew("b.md", a, b);
  expect(readdirSync(folder)).toEqual(["b.md"]);
  writeFileSync(a, "a");
  await expect(moveNew("b.md", a, b)).rejects.toThrow("Cannot make b.md: it exists already");
  expect(readdirSync(folder).sort()).toEqual(["a.md", "b.md"]);
});

test("a copy has the first free name, also of a copy", async () => {
  const root = await temporaryFolder();
  const folder = await WorkbookFolder.open(root);
  const made: string[] = [];
  for (const path of ["a.md", "a.md", "a copy.md", "a copy 2.md", "b c.html"]) {
    const copy = await freeCopy(folder, path);
    writeFileSync(join(root, copy), "");
    made.push(copy);
  }
  expect(made).toEqual(["a copy.md", "a copy 2.md", "a copy 3.md", "a copy 4.md", "b c copy.html"]);
});

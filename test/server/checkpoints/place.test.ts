import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  isPlain,
  locateFolder,
  makeFolderOf,
  refuseLinksOut,
  shown,
} from "../../../server/checkpoints/place.ts";
import { temporaryFolder } from "../../support/folder.ts";

test.for(["a", "a/b.pt", "a b/ü"])("%j is a path of plain names", (path) => {
  expect(isPlain(path)).toBe(true);
});

test.for([
  "",
  "/a",
  "a/",
  "a//b",
  ".",
  "a/../b",
  "a/.b",
  "C:a",
  "a\\b",
  "a\nb",
  "a\x7fb",
  "a".repeat(1025),
])("%j is none", (path) => {
  expect(isPlain(path)).toBe(false);
});

test("a path of 1,024 letters is one; of a long one the beginning is shown", () => {
  expect(isPlain("a".repeat(1024))).toBe(true);
  expect(shown("a".repeat(200))).toBe(`"${"a".repeat(200)}"`);
  expect(shown("a".repeat(201))).toBe(`"${"a".repeat(200)}…"`);
});

test("a file is no folder", async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, "a"), "");
  await expect(locateFolder(root, "a")).rejects.toThrow("Cannot open a: there is no such folder");
  expect(await locateFolder(root, "")).toBe(root);
});

test("links out are found in a folder and in its folders; those within, and hidden ones, are none", async () => {
  const [root, outside] = [await temporaryFolder(), await temporaryFolder()];
  await mkdir(join(root, "run/step_1"), { recursive: true });
  await writeFile(join(root, "a.pt"), "");
  await symlink(join(root, "a.pt"), join(root, "run/a.pt"));
  await symlink(outside, join(root, "run/.hidden"));
  await symlink(join(outside, "none"), join(root, "run/broken.pt"));
  await refuseLinksOut(root, "run", join(root, "run"));
  await symlink(outside, join(root, "run/step_1/x.pt"));
  await expect(refuseLinksOut(root, "run", join(root, "run"))).rejects.toThrow(
    "Cannot open run/step_1/x.pt: it leads out of the served folder",
  );
  await symlink(outside, join(root, "x.pt"));
  await expect(refuseLinksOut(root, "", root)).rejects.toThrow("Cannot open x.pt: it leads out");
});

test("the folders of a new file are made, but none behind a link", async () => {
  const [root, outside] = [await temporaryFolder(), await temporaryFolder()];
  expect(await makeFolderOf(root, "a/b/x.pt")).toBe(join(root, "a/b"));
  expect(await makeFolderOf(root, "a/b/y.pt")).toBe(join(root, "a/b"));
  expect(await makeFolderOf(root, "x.pt")).toBe(root);
  await symlink(outside, join(root, "link"));
  await expect(makeFolderOf(root, "link/c/x.pt")).rejects.toThrow("it leads out");
  expect(await readdir(outside)).toEqual([]);
});

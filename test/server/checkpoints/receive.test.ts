import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { forget, type Piece, receive } from "../../../server/checkpoints/receive.ts";
import { temporaryFolder } from "../../support/folder.ts";

const upload = "00000000-0000-4000-8000-000000000000";
const signal = new AbortController().signal;

const piece = (changes: Partial<Piece> = {}): Piece => ({
  path: "a.pt",
  upload,
  offset: 0,
  total: 10,
  bytes: Buffer.from("01234"),
  ...changes,
});

test.for<[string, Partial<Piece>]>([
  ["an upload's name that is a path", { upload: "../../../../../../../../../../../tmp/aa" }],
  ["an upload's name of another length", { upload: upload.slice(1) }],
  ["no bytes", { bytes: new Uint8Array() }],
  ["more bytes than the file has", { offset: 6 }],
  ["half an offset", { offset: 0.5 }],
  ["a size that is no number", { total: Number.NaN }],
])("%s: refused, and nothing is written", async ([, changes]) => {
  const root = await temporaryFolder();
  await expect(receive(root, piece(changes), signal)).rejects.toThrow(
    "Cannot keep a.pt: its pieces do not fit together",
  );
  expect(await readdir(root)).toEqual([]);
});

test("pieces follow each other: one that was lost, or came twice, is told, and what was there stays", async () => {
  const root = await temporaryFolder();
  expect(await receive(root, piece(), signal)).toEqual({ received: 5, done: false });
  for (const wrong of [{ offset: 0 }, { offset: 4 }, { offset: 6, bytes: Buffer.from("6") }]) {
    await expect(receive(root, piece(wrong), signal)).rejects.toThrow(
      "Cannot keep a.pt: a piece of it was lost; send it again",
    );
  }
  const next = piece({ offset: 5, bytes: Buffer.from("567") });
  expect(await receive(root, next, signal)).toEqual({ received: 8, done: false });
  expect(await readFile(join(root, `.simile-upload-${upload}`), "utf8")).toBe("01234567");
});

test("a disk without room is said before anything is written", async () => {
  const root = await temporaryFolder();
  const total = 2 ** 52;
  await expect(receive(root, piece({ total }), signal)).rejects.toThrow(
    /^Cannot keep a.pt: expected room for 4503599627370496 bytes on the disk, found \d+$/,
  );
  expect(await readdir(root)).toEqual([]);
});

test("what nobody goes on with for a day is removed with the next upload, and nothing else", async () => {
  const root = await temporaryFolder();
  const names = [".simile-upload-old", ".simile-upload-new", ".other-old"];
  for (const name of names) await writeFile(join(root, name), "x");
  const dayAgo = Date.now() / 1000 - 24 * 3600;
  await utimes(join(root, names[0]!), dayAgo - 60, dayAgo - 60);
  await utimes(join(root, names[1]!), dayAgo + 60, dayAgo + 60);
  await utimes(join(root, names[2]!), 0, 0);
  await receive(root, piece(), signal);
  const left = [".other-old", ".simile-upload-new", `.simile-upload-${upload}`];
  expect((await readdir(root)).sort()).toEqual(left.sort());
});

test("an upload is forgotten under its own name alone", async () => {
  const root = await temporaryFolder();
  await receive(root, piece(), signal);
  await expect(forget(root, "a.pt", "../a.pt")).rejects.toThrow("its pieces do not fit together");
  const other = upload.replace("8000", "9000");
  await forget(root, "a.pt", other);
  expect(await readdir(root)).toHaveLength(1);
  await forget(root, "a.pt", upload);
  expect(await readdir(root)).toEqual([]);
});

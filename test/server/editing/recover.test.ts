import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EditJournal } from "../../../server/editing/edit-journal.ts";
import { contentHash, type JournalState } from "../../../server/editing/journal-file.ts";
import { recover } from "../../../server/editing/recover.ts";
import { editedOf } from "../../../src/editing/index.ts";
import type { AcceptedEdit, EditedWorkbook } from "../../../src/protocol/index.ts";
import { parse } from "../../../src/workbook/index.ts";

const fileWith = (...sources: string[]) =>
  sources.map((source, index) => `\`\`\`ts {#${"abc"[index]}}\n${source}\n\`\`\`\n`).join("\n");
const texts = ({ cells }: EditedWorkbook) => cells.map(({ source }) => source);

/** Puts a mark before a cell's text, of one letter and as many marks as came before. */
const marked = (cell: string, revision: number, length: number): AcceptedEdit => ({
  id: `${revision}`,
  label: "typing",
  revision,
  author: "tab",
  operations: [{ type: "text", cell, changes: [[0, "!"], length] }],
});

const opened = fileWith("1", "2", "3");
const base = {
  epoch: "e",
  revision: 4,
  content: editedOf(parse(opened)),
  hash: contentHash(opened),
};
const edits = [marked("a", 5, 1), marked("a", 6, 2), marked("b", 7, 1)];

async function recovered(text: string, state?: Partial<JournalState>) {
  const journal = new EditJournal(mkdtempSync(join(tmpdir(), "simile-recover-")), "/a.md");
  if (state) await journal.begin({ base, edits, files: [], ...state });
  journal.close();
  const found = recover(journal, { path: "a.md", text });
  const { onDisk, revisions } = found;
  return {
    ...found,
    name: { epoch: revisions.epoch, revision: revisions.revision },
    sources: [texts(onDisk), texts(revisions.content)],
  };
}

test("without a journal a document is its file", async () => {
  const { sources, name, count, conflicts, journal } = await recovered(opened);
  expect(sources).toEqual([
    ["1", "2", "3"],
    ["1", "2", "3"],
  ]);
  expect([name.revision, count, conflicts, journal]).toEqual([0, 0, [], undefined]);
});

test("a file as the journal began has all its edits over it, and goes on with it", async () => {
  const { sources, name, count, conflicts, journal } = await recovered(opened, {});
  expect(sources).toEqual([
    ["1", "2", "3"],
    ["!!1", "!2", "3"],
  ]);
  expect([name, count, conflicts]).toEqual([{ epoch: "e", revision: 7 }, 3, []]);
  expect(journal).toMatchObject({ base, edits, files: [] });
});

test("a file that was saved meanwhile has the edits after that over it", async () => {
  const text = fileWith("!!1", "2", "3");
  const files = [
    { revision: 5, hash: contentHash(fileWith("!1", "2", "3")) },
    { revision: 6, hash: contentHash(text) },
    { revision: 7, hash: contentHash("what was to be written") },
  ];
  const { sources, name, count, journal } = await recovered(text, { files });
  expect(sources).toEqual([
    ["!!1", "2", "3"],
    ["!!1", "!2", "3"],
  ]);
  expect([name.revision, count]).toEqual([7, 1]);
  expect(journal!.files).toEqual(files);
});

test("a file that says again what it said before is at the later of the two revisions", async () => {
  const hash = contentHash(opened);
  const back: AcceptedEdit = {
    ...marked("a", 8, 0),
    operations: [
      { type: "text", cell: "a", changes: [[2], 1] },
      { type: "text", cell: "b", changes: [[1], 1] },
    ],
  };
  const state = { edits: [...edits, back, marked("c", 9, 1)], files: [{ revision: 8, hash }] };
  const { sources, count } = await recovered(opened, state);
  expect(sources[1]).toEqual(["1", "2", "!3"]);
  expect(count).toBe(1);
});

test("a change on disk is none of the edits that a person waits for", async () => {
  const { author: _, ...byDisk } = marked("c", 8, 1);
  expect((await recovered(opened, { edits: [...edits, byDisk] })).count).toBe(3);
});

test("a file that somebody else wrote is merged with the edits after the newest save, by cell", async () => {
  const files = [{ revision: 6, hash: contentHash("!!1 as it was saved") }];
  const { sources, name, count, conflicts, journal, revisions } = await recovered(
    fileWith("!!1", "2", "new"),
    { files },
  );
  expect(sources).toEqual([
    ["!!1", "2", "new"],
    ["!!1", "!2", "new"],
  ]);
  expect([name, count, conflicts, journal]).toEqual([
    { epoch: "e", revision: 8 },
    1,
    [],
    undefined,
  ]);
  expect(revisions.since({ epoch: "e", revision: 7 })).toMatchObject([
    { revision: 8, label: "change on disk" },
  ]);
});

test("a cell that both wrote is a conflict, with the text as it was when they parted", async () => {
  const { sources, name, conflicts } = await recovered(fileWith("other", "2", "3"), {});
  expect(conflicts).toEqual([{ cell: "a", base: "1", mine: "!!1", theirs: "other" }]);
  expect(sources[1]).toEqual(["!!1", "!2", "3"]);
  expect(name.revision).toBe(7);
});

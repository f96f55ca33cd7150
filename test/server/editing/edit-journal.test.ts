import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EditJournal } from "../../../server/editing/edit-journal.ts";
import { replayed } from "../../../server/editing/journal-file.ts";
import type { AcceptedEdit } from "../../../src/protocol/index.ts";
import { workbookWith } from "../../support/edited-workbooks.ts";

const edit = (revision: number): AcceptedEdit => ({
  id: `${revision}`,
  label: "typing",
  revision,
  author: "me",
  operations: [{ type: "text", cell: "a", changes: [revision - 1, [0, "x"]] }],
});

const base = { epoch: "e", revision: 0, content: workbookWith(""), hash: "h0" };

async function journal() {
  const folder = mkdtempSync(join(tmpdir(), "simile-journal-"));
  const kept = new EditJournal(folder, "/a.md");
  await kept.begin({ base, edits: [], files: [] });
  kept.append([edit(1), edit(2)]);
  kept.file(2, "h2");
  kept.append([edit(3)]);
  return { folder, file: join(folder, readdirSync(folder)[0]!), kept };
}

const read = (folder: string) => new EditJournal(folder, "/a.md").read();

test("what was appended is read again, and leads to the document", async () => {
  const { folder } = await journal();
  const state = read(folder)!;
  expect(state.base).toMatchObject(base);
  expect(state.edits).toEqual([edit(1), edit(2), edit(3)]);
  expect(state.files).toEqual([{ revision: 2, hash: "h2" }]);
  expect(replayed(state).content.cells[0]!.source).toBe("xxx");
});

test("a tail torn at any byte ends it there, and nowhere before", async () => {
  const { folder, file } = await journal();
  const whole = readFileSync(file);
  const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
  for (let length = ends[0]!; length <= whole.length; length += 7) {
    writeFileSync(file, whole.subarray(0, length));
    const lines = ends.filter((end) => end <= length).length;
    expect(read(folder)!.edits).toHaveLength([0, 0, 2, 2, 3][lines]!);
  }
  writeFileSync(file, whole.subarray(0, ends[0]! - 1));
  expect(read(folder)).toBeUndefined();
});

test("a line that was altered ends it", async () => {
  const { folder, file } = await journal();
  const whole = readFileSync(file, "utf8");
  writeFileSync(file, whole.replace('"revision":3', '"revision":4'));
  expect(read(folder)!.edits).toHaveLength(2);
  appendFileSync(file, "nonsense\n");
  expect(read(folder)!.edits).toHaveLength(2);
  writeFileSync(file, "");
  expect(read(folder)).toBeUndefined();
});

test("edits that do not fit end what is replayed", async () => {
  const { folder, kept } = await journal();
  kept.append([{ ...edit(4), operations: [{ type: "delete", cell: "none" }] }, edit(5)]);
  const { content, edits } = replayed(read(folder)!);
  expect(edits).toHaveLength(3);
  expect(content.cells[0]!.source).toBe("xxx");
});

test("one that is begun anew has nothing of what was before", async () => {
  const { folder, kept } = await journal();
  await kept.begin({ base: { ...base, revision: 9 }, edits: [edit(10)], files: [] });
  expect(read(folder)).toMatchObject({ base: { revision: 9 }, edits: [{ revision: 10 }] });
});

test("at every moment of being begun anew it has every edit that was appended", async () => {
  const { folder, kept } = await journal();
  let revision = 3;
  let isDone = false;
  // Where one moment ends and the next begins nobody knows: at each, an edit is appended and then looked for.
  const appending = (async () => {
    while (!isDone) {
      kept.append([edit(++revision)]);
      expect(read(folder)!.edits.at(-1)).toEqual(edit(revision));
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (let round = 0; round < 3; round++) {
    const before = revision;
    const edits = Array.from({ length: before }, (_, index) => edit(index + 1));
    await kept.begin({ base, edits, files: [] }, () =>
      Array.from({ length: revision - before }, (_, index) => edit(before + index + 1)),
    );
    expect(read(folder)!.edits).toHaveLength(revision);
  }
  isDone = true;
  await appending;
});

test("one that is begun anew has the edits that came while it was written", async () => {
  const { folder, kept } = await journal();
  const began = kept.begin({ base, edits: [edit(1)], files: [] }, () => [edit(2)]);
  // Into the one that is about to be replaced.
  kept.append([edit(2)]);
  await began;
  kept.append([edit(3)]);
  expect(read(folder)!.edits).toEqual([edit(1), edit(2), edit(3)]);
});

test("one of more than 4 MB is long, until it is begun anew", async () => {
  const { kept } = await journal();
  const large = { ...edit(4), label: "x".repeat(4 * 1024 * 1024 - 2_000) };
  kept.append([large]);
  expect(kept.isLong).toBe(false);
  kept.append([{ ...edit(5), label: "x".repeat(2_000) }]);
  expect(kept.isLong).toBe(true);
  await kept.begin({ base, edits: [], files: [] });
  expect(kept.isLong).toBe(false);
});

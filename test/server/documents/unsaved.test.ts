import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { unsavedLines } from "../../../server/commands/serve.ts";
import { WorkbookFolder } from "../../../server/documents/folder.ts";
import { EditJournal } from "../../../server/editing/edit-journal.ts";
import { History } from "../../../server/editing/history.ts";
import { contentHash, journalFile, lineOf } from "../../../server/editing/journal-file.ts";
import { leftJournals } from "../../../server/editing/left-journals.ts";
import { ownMark } from "../../../server/editing/owner.ts";
import { editedOf } from "../../../src/editing/index.ts";
import type { AcceptedEdit, UnsavedList } from "../../../src/protocol/index.ts";
import { parseWorkbook } from "../../../src/workbook/index.ts";
import { type Serving, serving } from "../support/serving.ts";
import { Visitor } from "../support/visitor.ts";

const text = "# A\n\n```ts {#one}\n1\n```\n";
const edited = text.replace("\n1\n", "\n1x\n");
const day = 24 * 3_600_000;

const edit: AcceptedEdit = {
  id: "e1",
  label: "typing",
  revision: 1,
  author: "me",
  operations: [{ type: "text", cell: "one", changes: [1, [0, "x"]] }],
};

const stateOf = (served: Serving) => join(served.root, "..", "state");
const journalsOf = (served: Serving) => join(stateOf(served), "journals");

/** What a server that was killed has left: a journal with an edit that the file of `path` does not have. */
async function leave(served: Serving, path: string): Promise<EditJournal> {
  const journal = new EditJournal(journalsOf(served), join(served.root, path));
  const content = editedOf(parseWorkbook(path, text));
  const base = { epoch: "e", revision: 0, content, hash: contentHash(text) };
  await journal.begin({ base, edits: [edit], files: [] });
  return journal;
}

async function post(served: Serving, what: string, body: object) {
  const response = await fetch(`${served.origin}/api/workbooks/${what}`, {
    method: "POST",
    headers: { cookie: served.cookie, origin: served.origin, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
}

const unsaved = async (served: Serving) =>
  ((await (await served.get("/api/unsaved")).json()) as UnsavedList).unsaved;
const read = (served: Serving, path: string) => readFileSync(join(served.root, path), "utf8");

async function linesOf(served: Serving): Promise<string[]> {
  return unsavedLines(await WorkbookFolder.open(served.root), await leftJournals(stateOf(served)));
}

test("edits that are not in the file are told of, and are there when it is opened", async () => {
  const served = await serving({ files: { "a.md": text, "b.md": text } });
  await leave(served, "a.md");
  expect(await unsaved(served)).toMatchObject([{ path: "a.md", edits: 1, opens: true }]);
  expect(await linesOf(served)).toEqual(["Not saved: 1 edit of a.md, back when it is opened"]);
  const visitor = await Visitor.connect(served, "a.md");
  expect(await visitor.next("document")).toMatchObject({ recovered: 1 });
  await visitor.next("save", ({ save }) => save.state === "saved");
  expect(read(served, "a.md")).toBe(edited);
  expect(await unsaved(served)).toEqual([]);
});

test("edits of a file that is gone are made a workbook of, or put into the trash", async () => {
  const served = await serving({ files: { "a.md": text } });
  for (const [act, free] of [
    ["recover", true],
    ["recover", false],
    ["discard", true],
  ] as const) {
    const journal = await leave(served, "a.md");
    if (free) unlinkSync(join(served.root, "a.md"));
    else {
      await journal.setAside();
      writeFileSync(join(served.root, "a.md"), "# Another\n");
    }
    const [left] = await unsaved(served);
    expect(left).toMatchObject({ path: "a.md", opens: false });
    expect(await linesOf(served)).toEqual(["Not saved: 1 edit of a.md, offered on the first page"]);
    const done = await post(served, act, { journal: left!.journal });
    if (act === "recover") {
      expect(done).toEqual({ path: free ? "a.md" : "a copy.md" });
      expect(read(served, done.path)).toBe(edited);
    } else expect(await post(served, "restore", done)).toEqual({ path: "a.md" });
    expect(read(served, "a.md")).toBe(free ? edited : "# Another\n");
    expect(await unsaved(served)).toEqual([]);
    expect(await post(served, act, { journal: left!.journal })).toEqual({
      error: `Cannot recover ${left!.journal}: nothing of it is unsaved`,
    });
  }
});

test("a workbook that is not open takes its unsaved edits and its history along when it is renamed", async () => {
  const served = await serving({ files: { "a.md": text } });
  await leave(served, "a.md");
  await new History(join(stateOf(served), "history"), join(served.root, "a.md")).keep(
    "old",
    "saved",
  );
  await post(served, "rename", { path: "a.md", to: "b.md" });
  const visitor = await Visitor.connect(served, "b.md");
  expect(await visitor.next("document")).toMatchObject({ recovered: 1, epoch: "e", revision: 1 });
  await visitor.next("save", ({ save }) => save.state === "saved");
  expect(read(served, "b.md")).toBe(edited);
  const { versions } = await (await served.get("/api/history/b.md")).json();
  expect(versions).toHaveLength(3);
});

test("a new workbook has nothing of what was unsaved of an earlier one of its name", async () => {
  const served = await serving({ files: { "a.md": text, "b.md": text } });
  await leave(served, "a.md");
  unlinkSync(join(served.root, "a.md"));
  const b = await Visitor.connect(served, "b.md");
  await b.next("kernel");
  for (const [act, body] of [
    ["new", { path: "a.md" }],
    ["rename", { path: "b.md", to: "a.md" }],
  ] as const) {
    await post(served, act, body);
    const visitor = await Visitor.connect(served, "a.md");
    expect(await visitor.next("document")).not.toHaveProperty("recovered");
    // Open ones say themselves what is unsaved of them.
    expect(await unsaved(served)).toEqual([]);
    expect(await linesOf(served)).toEqual(["Not saved: 1 edit of a.md, offered on the first page"]);
    unlinkSync(join(served.root, "a.md"));
    await visitor.next("file", ({ gone }) => gone === true);
    await visitor.close();
  }
});

test("a tab that was away while its workbook was renamed finds it, with what was written there", async () => {
  const served = await serving({ files: { "a.md": text } });
  const away = await Visitor.connect(served, "a.md");
  const { epoch } = await away.next("document");
  away.socket.terminate();
  await post(served, "rename", { path: "a.md", to: "b.md" });
  await post(served, "rename", { path: "b.md", to: "c.md" });
  const back = await Visitor.connect(served, "a.md");
  expect(await back.next("document")).toMatchObject({ epoch });
  expect(await back.next("moved")).toEqual({ type: "moved", path: "c.md" });
  const { id, label, operations } = edit;
  back.send({ type: "edit", base: { epoch, revision: 0 }, edits: [{ id, label, operations }] });
  await back.next("save", ({ save }) => save.state === "saved" && save.revision === 1);
  expect(read(served, "c.md")).toBe(edited);
  // Where there is a workbook again, it is that one.
  writeFileSync(join(served.root, "a.md"), text);
  const other = await Visitor.connect(served, "a.md");
  expect((await other.next("document")).epoch).not.toBe(epoch);
  expect(existsSync(join(served.root, "b.md"))).toBe(false);
});

test("a journal in which nothing is unsaved goes after 90 days, one with edits never", async () => {
  const served = await serving({ files: { "a.md": text, "saved.md": edited } });
  const folder = journalsOf(served);
  mkdirSync(folder, { recursive: true });
  const write = (path: string, edits: readonly AcceptedEdit[], owner: string) => {
    const document = join(served.root, path);
    const content = editedOf(parseWorkbook(path, text));
    const base = { epoch: "e", revision: 0, content, hash: contentHash(text), document, owner };
    const file = journalFile(folder, document);
    writeFileSync(file, lineOf({ type: "base", ...base }) + lineOf({ type: "edits", edits }));
    utimesSync(file, 0, 0);
  };
  const [nobody, us] = ["1 0", ownMark];
  write("a.md", [edit], nobody);
  write("gone.md", [edit], nobody);
  write("saved.md", [edit], nobody);
  write("empty.md", [], nobody);
  write("ours.md", [], us);
  const found = async (now: number) =>
    (await leftJournals(stateOf(served), now)).map(({ document }) => basename(document)).sort();
  expect(await found(89 * day)).toEqual(["a.md", "gone.md"]);
  expect(readdirSync(folder)).toHaveLength(5);
  expect(await found(91 * day)).toEqual(["a.md", "gone.md"]);
  expect(readdirSync(folder)).toHaveLength(3);
});

test("what is unsaved of other folders is told of as well", async () => {
  const [here, other] = [await serving({ files: { "a.md": text } }), await serving({ files: {} })];
  await leave(here, "a.md");
  const lines = unsavedLines(
    await WorkbookFolder.open(other.root),
    await leftJournals(stateOf(here)),
  );
  expect(lines).toEqual([
    `Not saved: 1 edit of ${join(here.root, "a.md")}, offered when its folder is served`,
  ]);
});

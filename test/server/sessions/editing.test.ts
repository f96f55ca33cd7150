import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type WriteWorkbook, writeWorkbook } from "../../../server/editing/write-workbook.ts";
import type { Operation, RevisionName, TextChanges } from "../../../src/protocol/index.ts";
import { type ServingOptions, serving } from "../support/serving.ts";
import { Visitor, wait } from "../support/visitor.ts";

const text = "# A\n\n```ts {#one}\n1\n```\n\n```ts {#two}\n2\n```\n";

async function opened(options: ServingOptions = {}) {
  const served = await serving({ files: { "a.md": text }, trusted: [text], ...options });
  const visitor = await Visitor.connect(served, "a.md");
  const { epoch } = await visitor.next("document");
  await visitor.next("kernel");
  const file = join(served.root, "a.md");
  let count = 0;
  const edit = (page: Visitor, revision: number, ...operations: Operation[]) => {
    const base: RevisionName = { epoch, revision };
    page.send({
      type: "edit",
      base,
      edits: [{ id: `${page.client}-${++count}`, label: "typing", operations }],
    });
  };
  return { served, visitor, file, edit };
}

const typed = (cell: string, changes: TextChanges): Operation => ({ type: "text", cell, changes });

describe("an edit", () => {
  test("reaches every page and, a moment later, the file, of which no other byte changes", async () => {
    const { served, visitor, file, edit } = await opened();
    const other = await Visitor.connect(served, "a.md");
    await other.next("kernel");
    edit(visitor, 0, typed("one", [1, [0, " + 1"]]));
    for (const page of [visitor, other]) {
      const { edits } = await page.next("edited");
      expect(edits).toMatchObject([{ revision: 1, author: visitor.client }]);
    }
    expect((await other.next("save")).save).toMatchObject({ state: "saving", revision: 1 });
    expect((await other.next("save")).save).toMatchObject({ state: "saved", revision: 1 });
    expect(readFileSync(file, "utf8")).toBe(text.replace("\n1\n", "\n1 + 1\n"));
  });

  test("on an old revision is outdated, and nothing of it is done", async () => {
    const { visitor, edit } = await opened();
    edit(visitor, 0, typed("one", [1, [0, "!"]]));
    edit(visitor, 0, typed("one", [1, [0, "?"]]));
    expect(await visitor.next("outdated")).toEqual({ type: "outdated", revision: 1 });
    expect(visitor.all("edited")).toHaveLength(1);
  });

  test("of a code cell's text defines nothing until it is applied; of prose, it does", async () => {
    const { visitor, edit } = await opened();
    const [prose] = visitor.all("workbook")[0]!.order;
    edit(visitor, 0, typed("one", [1, [0, " + 1"]]));
    edit(visitor, 1, typed(prose!, [3, [0, "!"]]));
    const first = await visitor.next("workbook");
    expect(first).toMatchObject({ cause: "edit", changed: [{ id: prose, source: "# A!" }] });
    visitor.send({ type: "apply", cells: ["one"] });
    const second = await visitor.next("workbook");
    expect(second.changed.map(({ id, source }) => [id, source])).toEqual([["one", "1 + 1"]]);
  });
});

describe("a change on disk", () => {
  test("comes to the pages as an edit, and as definitions", async () => {
    const { visitor, file } = await opened();
    writeFileSync(file, text.replace("\n2\n", "\n3\n"));
    const { edits } = await visitor.next("edited");
    expect(edits[0]!.operations).toEqual([{ type: "text", cell: "two", changes: [[1, "3"]] }]);
    expect(edits[0]!.author).toBeUndefined();
    expect(await visitor.next("workbook")).toMatchObject({
      cause: "disk",
      changed: [{ id: "two" }],
    });
  });

  test("of another cell than the one edited is merged with it, in the file too", async () => {
    const { visitor, file, edit } = await opened();
    edit(visitor, 0, typed("one", [1, [0, " + 1"]]));
    await visitor.next("edited");
    writeFileSync(file, text.replace("\n2\n", "\n3\n"));
    await visitor.next("edited");
    await visitor.next("save", ({ save }) => save.state === "saved");
    expect(readFileSync(file, "utf8")).toBe(
      text.replace("\n1\n", "\n1 + 1\n").replace("\n2\n", "\n3\n"),
    );
    expect(visitor.all("conflict")).toEqual([]);
  });

  test("in the moment between looking at the file and writing it is merged all the same", async () => {
    const outside = [
      text.replace("\n2\n", "\n3\n"),
      text.replace("\n1\n", "\n1 + 1\n").replace("\n2\n", "\n4\n"),
    ];
    const write: WriteWorkbook = async (file, whole, held) => {
      const theirs = outside.shift();
      if (theirs !== undefined) writeFileSync(file, theirs);
      await writeWorkbook(file, whole, held);
    };
    const { visitor, file, edit } = await opened({ write });
    edit(visitor, 0, typed("one", [1, [0, " + 1"]]));
    visitor.send({ type: "save" });
    await visitor.next("save", ({ save }) => save.state === "saved" && save.revision === 3);
    expect(readFileSync(file, "utf8")).toBe(
      text.replace("\n1\n", "\n1 + 1\n").replace("\n2\n", "\n4\n"),
    );
    expect(visitor.all("save").filter(({ save }) => save.state === "failed")).toEqual([]);
  });

  test.for([
    ["mine", "1 + 1"],
    ["theirs", "7"],
    [{ text: "7 + 1" }, "7 + 1"],
  ] as const)("of the same cell waits for the person: %j", async ([keep, result]) => {
    const { visitor, file, edit } = await opened();
    edit(visitor, 0, typed("one", [1, [0, " + 1"]]));
    await visitor.next("edited");
    const outside = text.replace("\n1\n", "\n7\n");
    writeFileSync(file, outside);
    const { conflicts } = await visitor.next("conflict");
    expect(conflicts).toEqual([{ cell: "one", base: "1", mine: "1 + 1", theirs: "7" }]);
    visitor.send({ type: "save" });
    const { save } = await visitor.next("save", ({ save }) => save.state === "failed");
    expect(save).toMatchObject({
      reason: "The file was changed by another program, and so were the same cells here",
    });
    expect(readFileSync(file, "utf8")).toBe(outside);
    visitor.send({ type: "resolve", cell: "one", keep });
    expect((await visitor.next("conflict")).conflicts).toEqual([]);
    await visitor.next("save", ({ save }) => save.state === "saved");
    expect(readFileSync(file, "utf8")).toBe(text.replace("\n1\n", `\n${result}\n`));
  });

  test("of the same cell is none any more when the person writes the same", async () => {
    const { visitor, file, edit } = await opened();
    edit(visitor, 0, typed("one", [1, [0, " + 1"]]));
    await visitor.next("edited");
    const outside = text.replace("\n1\n", "\n7\n");
    writeFileSync(file, outside);
    await visitor.next("conflict");
    edit(visitor, 1, typed("one", [[5, "7"]]));
    expect((await visitor.next("conflict")).conflicts).toEqual([]);
    await visitor.next("save", ({ save }) => save.state === "saved" && save.revision === 2);
    expect(readFileSync(file, "utf8")).toBe(outside);
  });
});

describe("a file that cannot be written", () => {
  test("nor its journal: that is told too, until there is one again", async () => {
    let isFull = false;
    const write: WriteWorkbook = async (file, whole, held) => {
      if (isFull) throw new Error("Cannot save a.md: the disk is full");
      await writeWorkbook(file, whole, held);
    };
    const served = await serving({ files: { "a.md": text }, write });
    const journals = join(served.root, "..", "state", "journals");
    mkdirSync(join(journals, ".."), { recursive: true });
    writeFileSync(journals, "no folder");
    const visitor = await Visitor.connect(served, "a.md");
    const { epoch, revision } = await visitor.next("document");
    isFull = true;
    const edits = [{ id: "1", label: "typing", operations: [typed("one", [1, [0, "x"]])] }];
    visitor.send({ type: "edit", base: { epoch, revision }, edits });
    const { save } = await visitor.next("save", ({ save }) => save.state === "failed");
    expect(save).toMatchObject({ unjournaled: true });
    rmSync(journals);
    visitor.send({ type: "save" });
    await visitor.next("save", ({ save }) => save.state === "failed" && !save.unjournaled);
    expect(readdirSync(journals)).toHaveLength(1);
    isFull = false;
    visitor.send({ type: "save" });
    await visitor.next("save", ({ save }) => save.state === "saved");
  });

  test("nor its journal: what is only in memory is not given up when nobody looks", async () => {
    let isFull = false;
    const write: WriteWorkbook = async (file, whole, held) => {
      if (isFull) throw new Error("Cannot save a.md: the disk is full");
      await writeWorkbook(file, whole, held);
    };
    const served = await serving({ files: { "a.md": text }, write, idleMilliseconds: 10 });
    const journals = join(served.root, "..", "state", "journals");
    mkdirSync(join(journals, ".."), { recursive: true });
    writeFileSync(journals, "no folder");
    const visitor = await Visitor.connect(served, "a.md");
    const { epoch, revision } = await visitor.next("document");
    isFull = true;
    const edits = [{ id: "1", label: "typing", operations: [typed("one", [1, [0, "x"]])] }];
    visitor.send({ type: "edit", base: { epoch, revision }, edits });
    await visitor.next("save", ({ save }) => save.state === "failed");
    await visitor.close();
    // Many times as long as a session lives on without a page.
    await wait(200);
    const later = await Visitor.connect(served, "a.md");
    expect(await later.next("document")).toMatchObject({ epoch, revision: 1 });
    isFull = false;
    later.send({ type: "save" });
    await later.next("save", ({ save }) => save.state === "saved");
  });

  test("is told of; edits go on, outlast the server, and are written when it can be again", async () => {
    let isFull = true;
    const write: WriteWorkbook = async (file, whole, held) => {
      if (isFull) throw new Error("Cannot save a.md: the disk is full");
      await writeWorkbook(file, whole, held);
    };
    const { visitor, file, edit, served } = await opened({ write });
    edit(visitor, 0, typed("one", [1, [0, "!"]]));
    visitor.send({ type: "save" });
    const { save } = await visitor.next("save", ({ save }) => save.state === "failed");
    expect(save).toMatchObject({ reason: "Cannot save a.md: the disk is full" });
    edit(visitor, 1, typed("one", [2, [0, "?"]]));
    await visitor.next("edited", ({ edits }) => edits[0]!.revision === 2);
    expect(readFileSync(file, "utf8")).toBe(text);
    const late = await Visitor.connect(served, "a.md");
    expect((await late.next("document")).content.cells[1]!.source).toBe("1!?");
    expect((await late.next("save")).save.state).toBe("failed");
    isFull = false;
    visitor.send({ type: "save" });
    await visitor.next("save", ({ save }) => save.state === "saved" && save.revision === 2);
    expect(readFileSync(file, "utf8")).toBe(text.replace("\n1\n", "\n1!?\n"));
  });

  test("because it is not there any more is made again with what was edited", async () => {
    const { visitor, file, edit } = await opened();
    rmSync(file);
    await visitor.next("file");
    edit(visitor, 0, typed("one", [1, [0, "!"]]));
    await visitor.next("save", ({ save }) => save.state === "saved");
    expect(readFileSync(file, "utf8")).toBe(text.replace("\n1\n", "\n1!\n"));
  });

  test("because it is another thing now is left alone", async () => {
    const { visitor, file, edit, served } = await opened({
      files: { "a.md": text, "b.md": "# B\n" },
    });
    rmSync(file);
    symlinkSync("b.md", file);
    await visitor.next("file");
    edit(visitor, 0, typed("one", [1, [0, "!"]]));
    const { save } = await visitor.next("save", ({ save }) => save.state === "failed");
    expect(save).toMatchObject({
      reason: "Cannot show a.md: it now is a link to another file",
    });
    expect(readFileSync(join(served.root, "b.md"), "utf8")).toBe("# B\n");
  });
});

describe("who may edit", () => {
  test("an untrusted workbook is edited and not run; a trusted one stays trusted", async () => {
    const untrusted = await opened({ trusted: [] });
    untrusted.edit(untrusted.visitor, 0, typed("one", [1, [0, "!"]]));
    await untrusted.visitor.next("save", ({ save }) => save.state === "saved");
    const trusted = await opened();
    trusted.edit(trusted.visitor, 0, typed("one", [1, [0, "!"]]));
    await trusted.visitor.next("save", ({ save }) => save.state === "saved");
    for (const [{ served }, isTrusted] of [
      [untrusted, false],
      [trusted, true],
    ] as const) {
      const late = await Visitor.connect(served, "a.md");
      expect((await late.next("workbook")).trusted).toBe(isTrusted);
    }
  });

  test("a page that has not said which client it is does not", async () => {
    const { served, edit } = await opened();
    const stranger = await Visitor.connect(served);
    stranger.send({ type: "open", workbook: "a.md" });
    await stranger.next("kernel");
    edit(stranger, 0, typed("one", [1, [0, "!"]]));
    expect((await stranger.next("refused")).message).toBe(
      "Cannot edit: the page has not said which client it is",
    );
  });

  test("an edit that does not fit is refused with its reason", async () => {
    const { visitor, edit } = await opened();
    edit(visitor, 0, { type: "delete", cell: "none" });
    expect((await visitor.next("refused")).message).toBe("Cannot edit: there is no cell #none");
    visitor.send({ type: "resolve", cell: "one", keep: "mine" });
    expect((await visitor.next("refused")).message).toBe(
      "Cannot resolve #one: it is in no conflict",
    );
  });
});

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Operation, RevisionName, TextChanges } from "../../../src/protocol/index.ts";
import { type ServingOptions, serving } from "../support/serving.ts";
import { Visitor } from "../support/visitor.ts";

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
});

import { existsSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Serving, serving } from "../support/serving.ts";
import { Visitor } from "../support/visitor.ts";

const text = "# A\n\n```ts {#one}\n1\n```\n";

async function post(served: Serving, what: string, body: object) {
  const response = await fetch(`${served.origin}/api/workbooks/${what}`, {
    method: "POST",
    headers: { cookie: served.cookie, origin: served.origin, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return [response.status, await response.json()] as const;
}

const files = { "a.md": text, "deep/b.md": "# B\n" };
const read = (served: Serving, path: string) => readFileSync(join(served.root, path), "utf8");
const has = (served: Serving, path: string) => existsSync(join(served.root, path));

describe("workbooks as files", () => {
  test("a new one has a title, and is opened as any other", async () => {
    const served = await serving({ files });
    expect(await post(served, "new", { path: "deep/new.md", title: "New  one" })).toEqual([
      200,
      { path: "deep/new.md" },
    ]);
    expect(read(served, "deep/new.md")).toBe("# New one\n");
    await post(served, "new", { path: "new.html", title: "In HTML" });
    const visitor = await Visitor.connect(served, "new.html");
    expect(await visitor.next("workbook")).toMatchObject({ title: "In HTML" });
  });

  test("one with a text of its own is that text, when it is a workbook's, and overwrites nothing", async () => {
    const served = await serving({ files });
    const whole = `# Mine\n\n${"x".repeat(100_000)}\n`;
    expect(await post(served, "new", { path: "mine.md", text: whole })).toEqual([
      200,
      { path: "mine.md" },
    ]);
    expect(read(served, "mine.md")).toBe(whole);
    const refuse = (body: object) =>
      fetch(`${served.origin}/api/workbooks/new`, {
        method: "POST",
        headers: {
          cookie: served.cookie,
          origin: served.origin,
          "content-type": "application/json",
        },
        body: JSON.stringify(body),
      });
    for (const [body, message] of [
      [{ path: "a.md", text: whole }, "Cannot make a.md: "],
      [{ path: "page.html", text: "<p>no notebook</p>" }, "Cannot make page.html: "],
      [
        { path: "b.md", text: 5 },
        "Cannot do that: expected text to be a text of at most 4194304 bytes",
      ],
      [
        { path: "b.md", text: "x".repeat(4_194_305) },
        "Cannot do that: expected text to be a text of",
      ],
    ] as const) {
      const answer = await refuse(body);
      expect([answer.status, (await answer.text()).includes(message)], message).toEqual([
        409,
        true,
      ]);
    }
    expect([read(served, "a.md"), has(served, "page.html"), has(served, "b.md")]).toEqual([
      text,
      false,
      false,
    ]);
  });

  test("a copy stands beside it, under a name that is free", async () => {
    const served = await serving({ files });
    const copies = [await post(served, "duplicate", { path: "a.md" })];
    copies.push(await post(served, "duplicate", { path: "a.md" }));
    copies.push(await post(served, "duplicate", { path: "a copy.md" }));
    copies.push(await post(served, "duplicate", { path: "a.md", to: "deep/a.md" }));
    expect(copies.map(([, { path }]) => path)).toEqual([
      "a copy.md",
      "a copy 2.md",
      "a copy 3.md",
      "deep/a.md",
    ]);
    for (const [, { path }] of copies) expect(read(served, path)).toBe(text);
  });

  test("one that is deleted is in the trash, and comes back where it was or beside what is there", async () => {
    const served = await serving({ files });
    const [, { trashed }] = await post(served, "delete", { path: "a.md" });
    expect(has(served, "a.md")).toBe(false);
    const { trash } = await (await served.get("/api/trash")).json();
    expect(trash).toMatchObject([{ trashed, path: "a.md", title: "A" }]);
    writeFileSync(join(served.root, "a.md"), "another");
    expect(await post(served, "restore", { trashed })).toEqual([200, { path: "a copy.md" }]);
    expect([read(served, "a.md"), read(served, "a copy.md")]).toEqual(["another", text]);
    expect(await (await served.get("/api/trash")).json()).toEqual({ trash: [] });
  });

  test.for<[what: string, body: object, sentence: string]>([
    ["new", { path: "a.md" }, "Cannot make a.md: it exists already"],
    ["duplicate", { path: "a.md", to: "deep/b.md" }, "Cannot make deep/b.md: it exists already"],
    ["rename", { path: "a.md", to: "deep/b.md" }, "Cannot make deep/b.md: it exists already"],
    ["new", { path: "none/a.md" }, "Cannot make none/a.md: there is no folder none"],
    ["new", { path: "../a.md" }, 'Cannot make "../a.md": expected the path of a .md or .html file'],
    ["new", { path: "/etc/a.md" }, "under the served folder"],
    ["new", { path: "out/a.md" }, "Cannot make out/a.md: it leads out of the served folder"],
    ["rename", { path: "a.md", to: "out/a.md" }, "it leads out of the served folder"],
    ["rename", { path: "a.md", to: ".a.md" }, "expected the path"],
    ["rename", { path: "a.md", to: "a.sh" }, "expected the path of a .md or .html file"],
    [
      "rename",
      { path: "a.md", to: "a.html" },
      "Cannot make a.html of a.md: expected a name that ends in .md",
    ],
    ["rename", { path: "none.md", to: "c.md" }, "Cannot open none.md: there is no such file"],
    ["delete", { path: "none.md" }, "Cannot open none.md: there is no such file"],
    ["restore", { trashed: "../../x" }, "Cannot restore ../../x: it is not in the trash"],
    ["delete", {}, "Cannot do that: expected path to be a text of 1 to 1024 characters"],
  ])("%s %j is refused, and nothing is overwritten", async ([what, body, sentence]) => {
    const served = await serving({ files });
    symlinkSync("/tmp", join(served.root, "out"));
    const [status, { error }] = await post(served, what, body);
    expect(status).toBe(409);
    expect(error).toContain(sentence);
    expect([read(served, "a.md"), read(served, "deep/b.md")]).toEqual([text, "# B\n"]);
  });

  test("one that is open is copied as it is in its pages, though its file is gone", async () => {
    const served = await serving({ files });
    const visitor = await Visitor.connect(served, "a.md");
    await visitor.next("document");
    unlinkSync(join(served.root, "a.md"));
    await visitor.next("file", ({ gone }) => gone === true);
    expect(await post(served, "duplicate", { path: "a.md", to: "b.md" })).toEqual([
      200,
      { path: "b.md" },
    ]);
    expect(read(served, "b.md")).toBe(text);
    expect(has(served, "a.md")).toBe(false);
    visitor.send({ type: "save" });
    await expect.poll(() => has(served, "a.md") && read(served, "a.md")).toBe(text);
  });

  test("one that is open and renamed is saved first and followed: its pages, edits and history", async () => {
    const served = await serving({ files, trusted: [text] });
    const visitor = await Visitor.connect(served, "a.md");
    const { epoch } = await visitor.next("document");
    const edit = (revision: number, letter: string) =>
      visitor.send({
        type: "edit",
        base: { epoch, revision },
        edits: [
          {
            id: letter,
            label: "typing",
            operations: [{ type: "text", cell: "one", changes: [[0, letter], 1 + revision] }],
          },
        ],
      });
    edit(0, "x");
    await visitor.next("edited");
    expect(await post(served, "rename", { path: "a.md", to: "deep/c.md" })).toEqual([
      200,
      { path: "deep/c.md" },
    ]);
    expect(await visitor.next("moved")).toEqual({ type: "moved", path: "deep/c.md" });
    expect(read(served, "deep/c.md")).toContain("\nx1\n");
    edit(1, "y");
    await visitor.next("save", ({ save }) => save.state === "saved" && save.revision === 2);
    expect(read(served, "deep/c.md")).toContain("\nyx1\n");
    expect(has(served, "a.md")).toBe(false);
    const other = await Visitor.connect(served, "deep/c.md");
    expect(await other.next("document")).toMatchObject({ epoch, revision: 2 });
    const { versions } = await (await served.get("/api/history/deep/c.md")).json();
    expect(versions).toHaveLength(3);
  });
});

test("every text that a file has had is in its history, with what differs from now", async () => {
  const served = await serving({ files });
  const visitor = await Visitor.connect(served, "a.md");
  const { epoch } = await visitor.next("document");
  const operations = [{ type: "text", cell: "one", changes: [[1, "2"]] }] as const;
  const base = { epoch, revision: 0 };
  visitor.send({ type: "edit", base, edits: [{ id: "1", label: "typing", operations }] });
  visitor.send({ type: "save" });
  await visitor.next("save", ({ save }) => save.state === "saved" && save.revision === 1);
  writeFileSync(join(served.root, "a.md"), text.replace("\n1\n", "\n3\n"));
  await visitor.next("workbook", ({ cause }) => cause === "disk");
  await expect
    .poll(async () => {
      const { versions } = await (await served.get("/api/history/a.md")).json();
      return versions.map(({ cause }: { cause: string }) => cause);
    })
    .toEqual(["disk", "saved", "opened"]);
  const { versions } = await (await served.get("/api/history/a.md")).json();
  const version = await (
    await served.get(`/api/history/a.md?version=${versions[2].version}`)
  ).json();
  expect(version).toMatchObject({ text, differences: [{ cell: "one", was: "1", now: "3" }] });
  expect(version.content.cells).toHaveLength(2);
  const back = { ...operations[0], changes: [[1, "1"]] } as const;
  const edits = [{ id: "2", label: "restore a version", operations: [back] }];
  const { revision } = visitor.all("edited").at(-1)!.edits[0]!;
  visitor.send({ type: "edit", base: { epoch, revision }, edits });
  await visitor.next("save", ({ save }) => save.state === "saved" && save.revision > revision);
  expect(await (await served.get("/api/history/a.md")).json()).toMatchObject({
    versions: [{ cause: "restored", version: versions[2].version }, {}, {}, {}],
  });
  const none = await served.get("/api/history/a.md?version=../../x");
  expect(await none.json()).toEqual({ error: "Cannot show a version of a.md: it is not kept" });
});

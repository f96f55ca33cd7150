import { expect, test } from "vitest";
import { type Serving, serving } from "../support/serving.ts";

const text = "# A\n\n```ts {#a kernel}\nconst a = 1\n```\n\nprose\n\n```ts {#b}\na.toFix\n```\n";

async function ask(served: Serving, body: unknown): Promise<Response> {
  return fetch(`${served.origin}/api/language`, {
    method: "POST",
    headers: { cookie: served.cookie, origin: served.origin, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

test("a question is answered for the document, and for what is on the screen", async () => {
  const served = await serving({ files: { "a.md": text } });
  const question = { type: "diagnose", workbook: "a.md", unsaved: [] };
  const found = await ask(served, question);
  expect(found.status).toBe(200);
  expect(await found.json()).toMatchObject([{ cell: "b", from: 2, to: 7, severity: "error" }]);
  const unsaved = [
    { id: "b", kind: "browser", source: "a.toFixed() + c" },
    { id: "new", kind: "kernel", source: "const c = a" },
  ];
  expect(await (await ask(served, { ...question, unsaved })).json()).toEqual([]);
  const rename = { type: "rename", workbook: "a.md", unsaved, cell: "new", offset: 10, to: "one" };
  expect(await (await ask(served, rename)).json()).toEqual({
    name: "a",
    from: 10,
    to: 11,
    edits: [
      { cell: "a", from: 6, to: 7, text: "one" },
      { cell: "b", from: 0, to: 1, text: "one" },
      { cell: "new", from: 10, to: 11, text: "one" },
    ],
  });
});

test("a question that makes no sense is refused, one for no workbook is not found", async () => {
  const served = await serving();
  const wrong = await ask(served, { type: "run" });
  expect([wrong.status, await wrong.text()]).toEqual([
    400,
    expect.stringContaining("Cannot accept command: expected"),
  ]);
  expect((await ask(served, "{")).status).toBe(400);
  const none = { type: "diagnose", workbook: "none.md", unsaved: [] };
  expect((await ask(served, none)).status).toBe(404);
});

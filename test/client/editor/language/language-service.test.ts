import { expect, test } from "vitest";
import {
  LanguageService,
  Newest,
} from "../../../../src/client/editor/language/language-service.ts";

const question = { type: "hover", cell: "a", offset: 3 } as const;

function service(answer: () => Promise<Response>) {
  let workbook = "book.md";
  const asked: { address: string; request: RequestInit }[] = [];
  const made = new LanguageService({
    workbook: () => workbook,
    unsaved: () => [{ id: "a", kind: "kernel", source: "const" }],
    fetch: (address, request) => {
      asked.push({ address, request });
      return answer();
    },
  });
  const renamed = (to: string) => {
    workbook = to;
  };
  return { made, asked, renamed };
}

test("a question carries the workbook and what is on the screen", async () => {
  const { made, asked } = service(() => Promise.resolve(Response.json({ from: 1 })));
  expect(await made.ask(question)).toEqual({ from: 1 });
  expect(asked[0]!.address).toBe("/api/language");
  expect(JSON.parse(asked[0]!.request.body as string)).toEqual({
    ...question,
    workbook: "book.md",
    unsaved: [{ id: "a", kind: "kernel", source: "const" }],
  });
});

test("a workbook that was renamed is asked about under its name of now", async () => {
  const { made, asked, renamed } = service(() => Promise.resolve(Response.json({ from: 1 })));
  renamed("other.md");
  await made.ask(question);
  expect(JSON.parse(asked[0]!.request.body as string)).toMatchObject({ workbook: "other.md" });
});

test("a server that refuses or is away is no error; one that is away is left alone for a while", async () => {
  const refusing = service(() => Promise.resolve(new Response("no", { status: 500 })));
  expect(await refusing.made.ask(question)).toBeUndefined();
  expect(await refusing.made.ask(question)).toBeUndefined();
  expect(refusing.asked).toHaveLength(2);
  const away = service(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(await away.made.ask(question)).toBeUndefined();
  expect(await away.made.ask(question)).toBeUndefined();
  expect(away.asked).toHaveLength(1);
});

test("of questions only the newest is waited for, and the aborted say nothing of the server", async () => {
  const newest = new Newest();
  const first = newest.next();
  const second = newest.next();
  expect([first.aborted, second.aborted]).toEqual([true, false]);
  const { made, asked } = service(() => Promise.resolve(Response.json(null)));
  expect(await made.ask(question, first)).toBeUndefined();
  expect(asked).toHaveLength(0);
  expect(await made.ask(question, second)).toBeNull();
});

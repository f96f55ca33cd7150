import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { LanguageThread } from "../../../server/language/language-thread.ts";
import type { LanguageQuestion } from "../../../src/protocol/index.ts";
import { temporaryFolder } from "../../support/folder.ts";

/** A thread that answers what it was asked, in order; "slow" keeps it for a while, "die" ends it. */
const script = `
import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ id, file, question }) => {
  if (file === "slow") for (const end = Date.now() + 300; Date.now() < end; );
  if (file === "die") process.exit(1);
  if (file === "fail") return parentPort.postMessage({ id, error: "it is too much" });
  parentPort.postMessage({ id, answer: question.type + " " + file });
});`;

async function opened(): Promise<LanguageThread> {
  const file = join(await temporaryFolder(), "thread.mjs");
  writeFileSync(file, script);
  const thread = new LanguageThread(pathToFileURL(file));
  onTestFinished(() => thread.close());
  return thread;
}

const never = (): AbortSignal => new AbortController().signal;
const work = (type: LanguageQuestion["type"], file: string) => ({
  file,
  directory: "/",
  cells: [],
  question: { type } as LanguageQuestion,
});

test("what a person waits for is answered before what is read at leisure", async () => {
  const thread = await opened();
  const order: unknown[] = [];
  const asked = [
    thread.ask(work("hover", "slow"), never()),
    thread.ask(work("diagnose", "1"), never()),
    thread.ask(work("hover", "2"), never()),
    thread.ask(work("complete", "3"), never()),
  ];
  for (const one of asked) void one.then((answer) => order.push(answer));
  await Promise.all(asked);
  expect(order).toEqual(["hover slow", "complete 3", "hover 2", "diagnose 1"]);
});

test("while it works the server goes on, and what nobody waits for any more is not worked on", async () => {
  const thread = await opened();
  const slow = thread.ask(work("hover", "slow"), never());
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const gone = new AbortController();
  const unwanted = thread.ask(work("hover", "die"), gone.signal);
  gone.abort(new Error("Nobody waits any more"));
  await expect(unwanted).rejects.toThrow("Nobody waits any more");
  expect(await slow).toBe("hover slow");
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
  expect(await thread.ask(work("hover", "after"), never())).toBe("hover after");
  await expect(thread.ask(work("hover", "x"), gone.signal)).rejects.toThrow("Nobody waits");
});

test("a failure is told, and the next question is answered by a new thread", async () => {
  const thread = await opened();
  await expect(thread.ask(work("hover", "fail"), never())).rejects.toThrow(
    "Cannot answer: it is too much",
  );
  await expect(thread.ask(work("hover", "die"), never())).rejects.toThrow(
    "Cannot answer: the language service failed: its thread has ended",
  );
  expect(await thread.ask(work("hover", "after"), never())).toBe("hover after");
});

test("of very many questions the oldest are given up", async () => {
  const thread = await opened();
  const asked = Array.from({ length: 70 }, (_, i) =>
    thread.ask(work("hover", i ? `${i}` : "slow"), never()),
  );
  const settled = await Promise.allSettled(asked);
  const given = settled.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  expect(given).toEqual(Array(5).fill("Error: Cannot answer: too many questions wait"));
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type SearchQuestion, search } from "../../../../src/client/editor/find/search.ts";
import { SearchThread } from "../../../../src/client/editor/find/search-thread.ts";

const query = { text: "b+", isCased: false, isWord: false, isPattern: true };
const question: SearchQuestion = { query, cells: [{ id: "a", source: "abba" }] };

/** A thread that takes what it is sent and answers when it is told to. */
class ScriptedThread {
  readonly taken: unknown[] = [];
  isEnded = false;
  onmessage: Worker["onmessage"] = null;
  onerror: Worker["onerror"] = null;

  postMessage(message: unknown): void {
    this.taken.push(message);
  }

  terminate(): void {
    this.isEnded = true;
  }

  say(data: unknown): void {
    this.onmessage?.call(this as never, { data } as MessageEvent);
  }
}

const threads: ScriptedThread[] = [];
const searching = () =>
  new SearchThread(() => {
    const made = new ScriptedThread();
    threads.push(made);
    return made;
  });

beforeEach(() => {
  vi.useFakeTimers();
  threads.length = 0;
});
afterEach(() => vi.useRealTimers());

test("questions go to one thread, one after the other", async () => {
  const thread = searching();
  for (let i = 0; i < 2; i++) {
    const answer = thread.ask(question);
    threads[0]!.say("ready");
    threads[0]!.say(search(question));
    expect(await answer).toEqual({ matches: [{ cell: "a", from: 1, to: 3 }], edits: [] });
  }
  await vi.advanceTimersByTimeAsync(60_000);
  expect(threads).toHaveLength(1);
  expect(threads[0]!.isEnded).toBe(false);
});

test("a search that takes too long is ended with its thread, and the next has another", async () => {
  const thread = searching();
  const answer = thread.ask(question);
  // The time that a thread takes to be there is not the expression's.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(threads[0]!.isEnded).toBe(false);
  threads[0]!.say("ready");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await answer).toBe("late");
  expect(threads[0]!.isEnded).toBe(true);
  const next = thread.ask(question);
  threads[1]!.say("ready");
  threads[1]!.say(search(question));
  expect(await next).toMatchObject({ matches: [{ from: 1 }] });
});

test("a newer question takes the place of one that still runs", async () => {
  const thread = searching();
  const first = thread.ask(question);
  threads[0]!.say("ready");
  const second = thread.ask(question);
  expect(await first).toBe("passed");
  expect(threads[0]!.isEnded).toBe(true);
  thread.dispose();
  expect(await second).toBe("passed");
});

test("a thread that cannot be started is said to be away", async () => {
  const thread = searching();
  const answer = thread.ask(question);
  threads[0]!.onerror?.call(threads[0] as never, { preventDefault: () => {} } as ErrorEvent);
  expect(await answer).toBe("away");
});

test("a search beside the page replaces as well", () => {
  const { matches } = search(question);
  expect(search({ ...question, replace: { matches, by: "[$&]" } }).edits).toEqual([
    { cell: "a", from: 1, to: 3, text: "[bb]" },
  ]);
});

import { expect, test } from "vitest";
import { StatedFailure } from "../../src/client/failure.ts";
import { KernelLink, type KernelResult } from "../../src/client/kernel-link.ts";
import { encode, type KernelRequest } from "../../src/protocol/index.ts";

const never = new Promise<void>(() => {});

/** A link whose requests are kept, and whose fetches are answered by `fetched`. */
function recordedLink(fetched: Record<string, unknown> | "superseded" = {}) {
  const sent: KernelRequest[] = [];
  const signals: AbortSignal[] = [];
  const link = new KernelLink(
    {
      send: (request) => void sent.push(request),
      fetch: async (_href, signal) => {
        signals.push(signal);
        await new Promise((resolve) => setTimeout(resolve, 2));
        return fetched === "superseded" ? undefined : fetched;
      },
    },
    "me",
  );
  return { link, sent, signals };
}

function result(cell: string, seq: number, rest: Partial<KernelResult> = {}): KernelResult {
  return { type: "result", client: "me", seq, cell, result: `${cell}${seq}`, ms: 1, ...rest };
}

const flushed = () => new Promise((resolve) => setTimeout(resolve));

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const mark = Symbol();
  return (await Promise.race([promise.catch(() => {}), flushed().then(() => mark)])) !== mark;
}

test("all cells of a pass go out as one request with one seq", async () => {
  const { link, sent } = recordedLink();
  void link.ask("a", { x: 1 }, never);
  await Promise.resolve();
  void link.ask("b", { x: 1, y: 2 }, never);
  await flushed();
  expect(sent).toEqual([
    {
      type: "request",
      client: "me",
      seq: 1,
      inputs: { x: 1, y: 2 },
      cells: [{ id: "a" }, { id: "b" }],
    },
  ]);
});

test("a later request repeats what is still waited for, and an answer to either is taken", async () => {
  const { link, sent } = recordedLink();
  const a = link.ask("a", { x: 1 }, never);
  await flushed();
  const b = link.ask("b", { y: 2 }, never);
  await flushed();
  expect(sent[1]).toEqual({
    type: "request",
    client: "me",
    seq: 2,
    inputs: { x: 1, y: 2 },
    cells: [{ id: "a" }, { id: "b" }],
  });
  link.receive(result("a", 1, { values: { m: 1 } }));
  link.receive(result("b", 2, { values: { k: 2 } }));
  expect(await a).toEqual({ m: 1 });
  expect(await b).toEqual({ k: 2 });
});

test("an answer to an older question is passed over", async () => {
  const { link } = recordedLink();
  let invalidate = () => {};
  const invalidation = new Promise<void>((resolve) => {
    invalidate = resolve;
  });
  const old = link.ask("a", { x: 1 }, invalidation);
  await flushed();
  invalidate();
  await Promise.resolve();
  const now = link.ask("a", { x: 2 }, never);
  await flushed();
  link.receive(result("a", 1, { values: { m: "old" } }));
  expect(await isSettled(old)).toBe(false);
  expect(await isSettled(now)).toBe(false);
  link.receive(result("a", 2, { values: { m: "new" } }));
  expect(await now).toEqual({ m: "new" });
});

test("what is invalidated before it is sent is never sent", async () => {
  const { link, sent } = recordedLink();
  void link.ask("a", {}, Promise.resolve());
  await flushed();
  expect(sent).toEqual([]);
});

test("the held result is named, and unchanged gives its values, the same objects", async () => {
  const { link, sent } = recordedLink();
  const values = { m: new Float64Array(3) };
  const first = link.ask("a", {}, never);
  await flushed();
  link.receive(result("a", 1, { result: "r", values }));
  await first;
  const second = link.ask("a", {}, never);
  await flushed();
  expect(sent[1]?.cells).toEqual([{ id: "a", have: "r" }]);
  link.receive(result("a", 2, { result: "r", unchanged: true }));
  expect((await second)["m"]).toBe(values.m);
});

test("unchanged for a result that is not held asks again without it", async () => {
  const { link, sent } = recordedLink();
  const asked = link.ask("a", {}, never);
  await flushed();
  link.receive(result("a", 1, { result: "r", unchanged: true }));
  await flushed();
  expect(sent[1]?.cells).toEqual([{ id: "a" }]);
  link.receive(result("a", 2, { values: { m: 1 } }));
  expect(await asked).toEqual({ m: 1 });
});

test("a forgotten cell is asked for without what was held", async () => {
  const { link, sent } = recordedLink();
  void link.ask("a", {}, never);
  await flushed();
  link.receive(result("a", 1, { values: {} }));
  link.forget("a");
  void link.ask("a", {}, never);
  await flushed();
  expect(sent[1]?.cells).toEqual([{ id: "a" }]);
});

test("values too large for the socket are fetched, and the fetch is given up when they are unwanted", async () => {
  const { link, signals } = recordedLink({ big: 1 });
  const asked = link.ask("a", {}, never);
  await flushed();
  link.receive(result("a", 1, { href: "/value/1" }));
  expect(await asked).toEqual({ big: 1 });

  let invalidate = () => {};
  const invalidation = new Promise<void>((resolve) => {
    invalidate = resolve;
  });
  const unwanted = link.ask("a", {}, invalidation);
  await flushed();
  link.receive(result("a", 2, { href: "/value/2" }));
  invalidate();
  await flushed();
  expect(signals[1]?.aborted).toBe(true);
  expect(await isSettled(unwanted)).toBe(false);
});

test("values that were superseded before they were fetched are asked for again", async () => {
  const { link, sent } = recordedLink("superseded");
  void link.ask("a", {}, never);
  await flushed();
  link.receive(result("a", 1, { href: "/value/1" }));
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(sent[1]?.cells).toEqual([{ id: "a" }]);
});

test("a failed cell rejects with what the kernel said", async () => {
  const { link } = recordedLink();
  const asked = link.ask("a", {}, never);
  await flushed();
  const error = { name: "TypeError", message: "no", at: { cell: "a", line: 1, column: 2 } };
  link.receive(result("a", 1, { error }));
  await expect(asked).rejects.toEqual(new StatedFailure(error));
});

test("an input that cannot travel fails the cells that read it", async () => {
  const link = new KernelLink({
    send: () => {
      throw new TypeError('Cannot send "f" to the kernel: f is a function');
    },
    fetch: async () => ({}),
  });
  const asked = link.ask("a", { f: () => {} }, never);
  await expect(asked).rejects.toThrow('Cannot send "f" to the kernel: f is a function');
});

test("an input that cannot travel leaves the cells alone that do not read it", async () => {
  const sent: KernelRequest[] = [];
  const link = new KernelLink({
    send: (request) => {
      encode(request);
      sent.push(request);
    },
    fetch: async () => ({}),
  });
  const bad = link.ask("bad", { x: 1, f: () => {} }, never);
  const good = link.ask("good", { x: 1 }, never);
  await expect(bad).rejects.toThrow("f is a function");
  await flushed();
  expect(sent).toMatchObject([{ inputs: { x: 1 }, cells: [{ id: "good" }] }]);
  link.receive(result("good", sent[0]!.seq, { values: { m: 1 } }));
  expect(await good).toEqual({ m: 1 });
});

test("nothing is sent while there is no kernel; afterwards all that is waited for is", async () => {
  const { link, sent } = recordedLink();
  const asked = link.ask("a", {}, never);
  await flushed();
  link.pause();
  void link.ask("b", {}, never);
  await flushed();
  expect(sent).toHaveLength(1);
  link.resume();
  await flushed();
  expect(sent[1]).toMatchObject({ seq: 2, cells: [{ id: "a" }, { id: "b" }] });
  link.receive(result("a", 1, { values: { m: "of the kernel that died" } }));
  expect(await isSettled(asked)).toBe(false);
});

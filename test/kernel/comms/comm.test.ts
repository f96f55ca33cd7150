import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Comm, CommMessage } from "../../../kernel/comms/comm.ts";
import { Comms } from "../../../kernel/comms/comms.ts";
import type { CommCommand, CommWord, ExecutionNotice } from "../../../src/protocol/index.ts";

let told: ExecutionNotice[];
let failures: [owner: string, error: unknown][];
let comms: Comms;
let seq = 0;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  failures = [];
  comms = new Comms(
    (notice) => told.push(notice),
    (error, owner) => failures.push([owner, error]),
  );
});
afterEach(() => void vi.useRealTimers());

/** A client's word, taken at once. */
function say(word: CommWord["word"], comm: string, data: object = {}, target?: string): number {
  const command: CommCommand = {
    type: "comm",
    word,
    comm,
    ...(target !== undefined && { target }),
    data: JSON.stringify(data),
    metadata: '{"m":1}',
    buffers: [Uint8Array.of(7)],
    seq: ++seq,
  };
  comms.hear(command);
  comms.deliver();
  return seq;
}

describe("a comm that an execution opens", () => {
  test("tells clients its target, data, metadata and bytes, in the execution's name", () => {
    const comm = comms
      .of("In[1]")
      .open(
        "map",
        { zoom: 2 },
        { metadata: { v: 1 }, buffers: [Float32Array.of(1), new ArrayBuffer(2)] },
      );
    comm.send({ pan: [1, 2] });
    comm.close({ last: true });
    expect(told).toEqual([
      {
        type: "comm",
        word: "open",
        id: "In[1]",
        comm: comm.id,
        target: "map",
        data: '{"zoom":2}',
        metadata: '{"v":1}',
        buffers: [Uint8Array.of(0, 0, 128, 63), new Uint8Array(2)],
      },
      expect.objectContaining({ word: "message", comm: comm.id, data: '{"pan":[1,2]}' }),
      expect.objectContaining({ word: "close", comm: comm.id, data: '{"last":true}' }),
    ]);
  });

  test("hears what clients say, until it is closed or the handler is taken back", () => {
    const comm = comms.of("In[1]").open("map");
    const heard: CommMessage[] = [];
    const closed: CommMessage[] = [];
    comm.onClose((message) => closed.push(message));
    const end = comm.onMessage((message) => heard.push(message));
    say("message", comm.id, { n: 1 });
    end();
    say("message", comm.id, { n: 2 });
    say("close", comm.id, { n: 3 });
    say("message", comm.id, { n: 4 });
    expect(heard).toEqual([{ data: { n: 1 }, metadata: { m: 1 }, buffers: [Uint8Array.of(7)] }]);
    expect(closed.map(({ data }) => data)).toEqual([{ n: 3 }]);
    expect(comm.isOpen).toBe(false);
    expect(() => comm.send()).toThrow('Cannot send to "map": its comm is closed');
    const count = told.length;
    comm.close();
    expect(told).toHaveLength(count);
  });

  test.for<[what: string, data: unknown, more: object, sentence: string]>([
    ["an array", [], {}, 'Cannot send data to "map": expected an object, found an array'],
    ["a text", "a", {}, 'Cannot send data to "map": expected an object, found a string'],
    [
      "a typed array",
      { a: { w: new Float32Array(2) } },
      {},
      'Cannot send data to "map": expected what JSON can say at "w", found Float32Array; bytes are sent as buffers',
    ],
    ["bytes of Node's", { b: Buffer.from("a") }, {}, "found Buffer; bytes are sent as buffers"],
    ["a bigint", { n: 1n }, {}, 'expected what JSON can say at "n", found 1n'],
    ["no number", { n: Number.NaN }, {}, 'at "n", found NaN'],
    ["metadata that is none", {}, { metadata: null }, "Cannot send metadata to"],
    [
      "a buffer that is none",
      {},
      { buffers: ["abc"] },
      'Cannot send a buffer to "map": expected an ArrayBuffer or a view of one, found string',
    ],
  ])("refuses %s, and nothing is told", ([, data, more, sentence]) => {
    expect(() => comms.of("In[1]").open("map", data as object, more)).toThrow(sentence);
    expect(told).toEqual([]);
  });

  test("needs a target", () => {
    expect(() => comms.of("In[1]").open("")).toThrow(
      "Cannot use a comm: expected a target of 1 to 256 characters, found ",
    );
  });
});

describe("a comm that a client opens", () => {
  test("is given to what registered its target, and answers through it", () => {
    const seen: unknown[] = [];
    comms.of("In[2]").register("chart", (comm: Comm, { data }) => {
      seen.push([comm.id, comm.target, data]);
      comm.onMessage((message) => comm.send({ echo: message.data }, message));
    });
    say("open", "c1", { a: 1 }, "chart");
    say("message", "c1", { b: 2 });
    expect(seen).toEqual([["c1", "chart", { a: 1 }]]);
    expect(told).toEqual([
      { type: "target", target: "chart", registered: true },
      {
        type: "comm",
        word: "message",
        id: "In[2]",
        comm: "c1",
        data: '{"echo":{"b":2}}',
        metadata: '{"m":1}',
        buffers: [Uint8Array.of(7)],
      },
    ]);
  });

  test("is closed again when nobody has registered its target, or nobody does any more", () => {
    const end = comms.of("In[1]").register("chart", () => {});
    end();
    end();
    say("open", "c1", {}, "chart");
    expect(told.slice(1)).toMatchObject([
      { type: "target", target: "chart", registered: false },
      { type: "comm", word: "close", comm: "c1" },
    ]);
  });

  test("goes to who registered last; who came before takes back nothing", () => {
    const seen: number[] = [];
    const end = comms.of("In[1]").register("chart", () => seen.push(1));
    comms.of("In[2]").register("chart", () => seen.push(2));
    end();
    say("open", "c1", {}, "chart");
    expect(seen).toEqual([2]);
  });
});

describe("words", () => {
  test("are taken in order, and told to be taken once handlers had their turn", () => {
    const heard: unknown[] = [];
    const comm = comms.of("In[1]").open("map");
    comm.onMessage(({ data }) => heard.push(data["n"]));
    const seqs = [0, 1, 2].map((n) => say("message", comm.id, { n }));
    expect(heard).toEqual([0, 1, 2]);
    expect(told.filter(({ type }) => type === "heard")).toEqual([]);
    vi.runAllTimers();
    expect(told.filter(({ type }) => type === "heard")).toEqual([{ type: "heard", seqs }]);
  });

  test("that came inside an interrupt wait for the next turn", () => {
    const comm = comms.of("In[1]").open("map");
    let isHeard = false;
    comm.onMessage(() => {
      isHeard = true;
    });
    comms.hear({
      type: "comm",
      word: "message",
      comm: comm.id,
      data: "{}",
      metadata: "{}",
      buffers: [],
      seq: 1,
    });
    expect(isHeard).toBe(false);
    vi.runAllTimers();
    expect(isHeard).toBe(true);
    expect(told.at(-1)).toEqual({ type: "heard", seqs: [1] });
  });

  test("whose handler fails, now or later, are told to who registered it; others go on", async () => {
    const comm = comms.of("In[1]").open("map");
    let count = 0;
    comm.onMessage(() => {
      throw new Error("now");
    });
    comm.onMessage(async () => {
      throw new Error("later");
    });
    comm.onMessage(() => count++);
    comms.of("In[2]").register("chart", () => {
      throw new Error("opening");
    });
    say("message", comm.id);
    say("open", "c1", {}, "chart");
    await vi.runAllTimersAsync();
    expect(count).toBe(1);
    expect(failures.map(([owner, error]) => [owner, (error as Error).message]).sort()).toEqual([
      ["In[1]", "later"],
      ["In[1]", "now"],
      ["In[2]", "opening"],
    ]);
  });
});

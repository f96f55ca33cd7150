import { createHmac, randomUUID } from "node:crypto";

/** A number in [0, 1), the next of a sequence that its seed decides (mulberry32). */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const delimiter = Buffer.from("<IDS|MSG>");

function signed(key: string, body: readonly Buffer[]): Buffer[] {
  const hmac = createHmac("sha256", key);
  for (const part of body) hmac.update(part);
  return [delimiter, Buffer.from(hmac.digest("hex")), ...body];
}

function bodyOf(type: unknown, content: unknown, id: unknown = randomUUID()): Buffer[] {
  const header = {
    msg_id: id,
    msg_type: type,
    session: "s",
    username: "u",
    date: "",
    version: "5.4",
  };
  return [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
}

type Maker = (key: string, next: () => number) => Buffer[];

const types = [
  "execute_request",
  "complete_request",
  "comm_open",
  "comm_msg",
  "input_reply",
  "shutdown_request",
];
const pick = <T>(values: readonly T[], next: () => number) =>
  values[Math.floor(next() * values.length)]!;
const bytes = (count: number, next: () => number) =>
  Buffer.from(Array.from({ length: count }, () => Math.floor(next() * 256)));
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

/** Ways to be no message, each by the word for what is wrong with it. */
export const nonsense: Readonly<Record<string, Maker>> = {
  "a wrong signature": (key, next) => {
    const frames = signed(key, bodyOf(pick(types, next), { code: "globalThis.hit = 1" }));
    return frames.with(1, Buffer.from(bytes(32, next).toString("hex")));
  },
  "another key's signature": (_key, next) => signed("another", bodyOf(pick(types, next), {})),
  "no signature": (key, next) =>
    signed(key, bodyOf(pick(types, next), { code: "globalThis.hit = 1" })).with(1, Buffer.alloc(0)),
  "no delimiter": (key, next) => signed(key, bodyOf(pick(types, next), {})).slice(1),
  "frames cut off": (key, next) =>
    signed(key, bodyOf(pick(types, next), {})).slice(0, 1 + Math.floor(next() * 5)),
  "a frame cut short": (key, next) => {
    const frames = signed(key, bodyOf(pick(types, next), { code: "globalThis.hit = 1" }));
    const at = 2 + Math.floor(next() * 4);
    return frames.with(at, frames[at]!.subarray(0, Math.floor(next() * frames[at]!.length)));
  },
  "a byte changed": (key, next) => {
    const frames = signed(key, bodyOf(pick(types, next), { code: "globalThis.hit = 1" }));
    const at = 1 + Math.floor(next() * 5);
    const changed = Buffer.from(frames[at]!);
    changed[Math.floor(next() * changed.length)]! ^= 1 + Math.floor(next() * 255);
    return frames.with(at, changed);
  },
  "no JSON, signed": (key, next) => {
    const body = bodyOf(pick(types, next), {});
    return signed(
      key,
      body.with(Math.floor(next() * 4), Buffer.from(pick(["{", "", "[}", "nul", "{'a':1}"], next))),
    );
  },
  "no UTF-8, signed": (key, next) => {
    const body = bodyOf(pick(types, next), {});
    const broken = Buffer.concat([
      Buffer.from('{"a":"'),
      Buffer.from([0xff, 0xc0, 0x80]),
      Buffer.from('"}'),
    ]);
    return signed(key, body.with(Math.floor(next() * 4), broken));
  },
  "parts that are no objects, signed": (key, next) => {
    const body = bodyOf(pick(types, next), {});
    return signed(
      key,
      body.with(Math.floor(next() * 4), Buffer.from(pick(["1", "null", "[]", '"a"'], next))),
    );
  },
  "a header without its fields, signed": (key, next) => {
    const header = JSON.stringify({
      msg_id: pick([undefined, 1, null], next),
      msg_type: pick(types, next),
    });
    return signed(key, bodyOf("x", {}).with(0, Buffer.from(header)));
  },
  "a header nested deep or large, signed": (key, next) => {
    const more = pick([deep(30_000), `"${"x".repeat(100_000)}"`], next);
    const header = `{"msg_id":"a","msg_type":"kernel_info_request","session":"s","more":${more}}`;
    return signed(key, bodyOf("x", {}).with(0, Buffer.from(header)));
  },
  "a type that nobody knows, signed": (key, next) =>
    signed(
      key,
      bodyOf(
        pick(["nothing_request", "", "comm_", "__proto__", "constructor", "toString"], next),
        {},
      ),
    ),
  "content of wrong types, signed": (key, next) => {
    const [type, content] = pick<[string, unknown]>(
      [
        ["execute_request", { code: { a: 1 } }],
        ["execute_request", {}],
        ["comm_open", { comm_id: 1, target_name: [] }],
        ["comm_msg", { comm_id: "nobody's", data: [] }],
        ["comm_msg", { comm_id: "\0", data: {} }],
        ["comm_close", {}],
        ["input_reply", { value: { a: 1 } }],
        ["complete_request", { code: 1, cursor_pos: "x" }],
        ["inspect_request", { code: null, cursor_pos: -5 }],
        ["history_request", { hist_access_type: 3, n: "many", pattern: {} }],
        ["is_complete_request", { code: [] }],
        ["comm_info_request", { target_name: {} }],
      ],
      next,
    );
    return signed(key, bodyOf(type, content));
  },
  "content nested deep, signed": (key, next) => {
    const content = `{"comm_id":"c","data":{"a":${deep(1 + Math.floor(next() * 20_000))}}}`;
    return signed(key, bodyOf("comm_msg", {}).with(3, Buffer.from(content)));
  },
  "random frames": (_key, next) =>
    Array.from({ length: 1 + Math.floor(next() * 8) }, () => bytes(Math.floor(next() * 64), next)),
};

/** Frames of a megabyte and more, of which no message is made. */
export function hugeNonsense(key: string, next: () => number): Buffer[] {
  const huge = Buffer.alloc(2 ** 20 + Math.floor(next() * 2 ** 20), 0x20);
  return signed(key, bodyOf("execute_request", {})).with(2 + Math.floor(next() * 4), huge);
}

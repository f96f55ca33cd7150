import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { delimiter, type Message, Wire, WireError } from "../../../kernel/jupyter/wire.ts";

const header = {
  msg_id: "1",
  session: "s",
  username: "u",
  date: "2026-01-31",
  msg_type: "execute_request",
  version: "5.4",
};

const message: Message = {
  identities: [Buffer.from("id")],
  header,
  parent: {},
  metadata: { a: 1 },
  content: { code: "é" },
  buffers: [Uint8Array.of(0, 255)],
};

/** The frames of a message whose four parts are these texts, rightly signed. */
function signed(texts: readonly string[], key = "key", hash = "sha256"): Buffer[] {
  const hmac = createHmac(hash, key);
  for (const text of texts) hmac.update(text);
  return [delimiter, hmac.digest("hex"), ...texts].map((part) => Buffer.from(part));
}

const wire = () => new Wire("key", "sha256");
const with_ = (changes: object) => [JSON.stringify({ ...header, ...changes }), "{}", "{}", "{}"];

test("a message comes back with its identities and buffers, signed over its four parts", () => {
  const frames = wire()
    .pack(message)
    .map((frame) => Buffer.from(frame));
  const parts = [header, {}, message.metadata, message.content].map((part) => JSON.stringify(part));
  expect(frames.slice(1, 7)).toEqual(signed(parts));
  expect(wire().unpack(frames)).toEqual({
    ...message,
    identities: [Buffer.from("id")],
    buffers: [Buffer.from([0, 255])],
  });
});

test("without a key nothing is signed, and any signature will do", () => {
  const open = new Wire("", "sha256");
  const frames = open.pack(message);
  expect(frames[2]).toHaveLength(0);
  for (let time = 0; time < 2; time++) expect(open.unpack(frames).content).toEqual({ code: "é" });
});

describe("refused", () => {
  test.for<[string, readonly Uint8Array[], string]>([
    ["nothing", [], "it has no delimiter"],
    ["no signature", [delimiter], "expected 4 parts after the signature, found 0"],
    ["three parts", signed(["{}", "{}", "{}"]), "expected 4 parts after the signature, found 3"],
    ["another key", signed(with_({}), "other"), "its signature is wrong"],
    ["another hash", signed(with_({}), "key", "sha512"), "its signature is wrong"],
    ["a part that is no JSON", signed(["{}", "{}", "{}", "{"]), "a part is no JSON"],
    ["a part that is no object", signed(["{}", "{}", "[]", "{}"]), "a part is no object"],
    ["a part that is null", signed(["{}", "null", "{}", "{}"]), "a part is no object"],
    [
      "a long header",
      signed(with_({ username: "x".repeat(65_536) })),
      "expected a header of at most 65536 bytes",
    ],
    ["no id", signed(with_({ msg_id: 5 })), "expected its msg_id to be a text"],
    ["no type", signed(with_({ msg_type: undefined })), "expected its msg_type to be a text"],
    ["no session", signed(with_({ session: null })), "expected its session to be a text"],
  ])("%s", ([, frames, problem]) => {
    expect(() => wire().unpack(frames)).toThrow(new WireError(`Cannot read a message: ${problem}`));
  });

  test("bytes that are no UTF-8", () => {
    const frames = new Wire("", "sha256").pack(message).map((frame) => Buffer.from(frame));
    frames[6] = Buffer.from([0x7b, 0xff, 0x7d]);
    expect(() => new Wire("", "sha256").unpack(frames)).toThrow("a part is no JSON");
  });

  test("what came before, however long ago up to 65,536 messages", () => {
    const one = wire();
    const first = signed(with_({ msg_id: "first" }));
    one.unpack(first);
    for (let count = 0; count < 65_535; count++) one.unpack(signed(with_({ msg_id: `${count}` })));
    expect(() => one.unpack(first)).toThrow(new WireError("Cannot read a message: it came before"));
    one.unpack(signed(with_({ msg_id: "last" })));
    expect(one.unpack(first).header.msg_id).toBe("first");
  });
});

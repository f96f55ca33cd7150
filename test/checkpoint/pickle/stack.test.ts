import { describe, expect, test } from "vitest";
import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import { bad, refusal } from "../../support/pickle-environment.ts";
import { join, list, none, op, type Piece, tuple, u32, u64 } from "../../support/pickle-writer.ts";

describe("what is not well formed is refused:", () => {
  test.for<[string, Piece, string]>([
    [
      "nothing on the stack",
      op(),
      "pickle opcode STOP at byte 2: expected at least 1 on the stack, found 0",
    ],
    [
      "too much on the stack",
      join(none, none),
      "pickle opcode STOP at byte 4: expected one value on the stack, found more",
    ],
    [
      "a mark left open",
      join(op(opcode.MARK), none),
      "expected one value on the stack, found more",
    ],
    [
      "values below a mark",
      join(none, op(opcode.MARK, opcode.TUPLE1)),
      "pickle opcode TUPLE1 at byte 4: expected at least 1 on the stack, found 0",
    ],
    [
      "no mark",
      join(none, op(opcode.TUPLE)),
      "pickle opcode TUPLE at byte 3: expected a mark on the stack, found none",
    ],
    [
      "an append to a tuple",
      join(tuple(), none, op(opcode.APPEND)),
      "pickle opcode APPEND at byte 5: expected a list to append to, found a tuple of 0",
    ],
    [
      "an item of a list",
      join(list(), none, none, op(opcode.SETITEM)),
      "expected a dictionary to add to, found a list of 0",
    ],
    [
      "a key without a value",
      join(op(opcode.EMPTY_DICT, opcode.MARK), none, op(opcode.SETITEMS)),
      "pickle opcode SETITEMS at byte 5: expected a value for every key, found 1 items",
    ],
    [
      "a memo never written",
      op(opcode.BINGET, 3),
      "pickle opcode BINGET at byte 2: expected a value remembered as 3, found nothing",
    ],
    [
      "protocol 1",
      op(opcode.PROTO, 1),
      "pickle opcode PROTO at byte 2: expected protocol 2 to 5, found 1",
    ],
    [
      "text that is not UTF-8",
      op(opcode.SHORT_BINUNICODE, 1, 0xff),
      "pickle opcode SHORT_BINUNICODE at byte 2: expected text in UTF-8, found other bytes",
    ],
    [
      "a length past the end",
      join(op(opcode.BINUNICODE), u32(99)),
      "pickle opcode BINUNICODE at byte 2: expected at least 99 bytes after it, found 1",
    ],
    [
      "a length of 2^63",
      join(op(opcode.BINBYTES8), u64(2n ** 63n)),
      "expected at most 1 bytes, found 9223372036854775808",
    ],
    [
      "a frame past the end",
      join(op(opcode.FRAME), u64(99n), none),
      "pickle opcode FRAME at byte 2: expected at most 2 bytes, found 99",
    ],
    [
      "a number of a million digits",
      join(op(opcode.LONG4), u32(400_000)),
      "expected a whole number of at most 256 bytes, found 400000 bytes",
    ],
    [
      "a line without an end",
      join(op(opcode.GLOBAL), Buffer.from("os")),
      "pickle opcode GLOBAL at byte 2: expected a line, found the end",
    ],
  ])("%s", ([, piece, message]) => {
    expect(bad(piece)).toContain(message);
  });

  test("another start, another end", () => {
    expect(refusal(Uint8Array.of(opcode.NONE, opcode.STOP))).toBe(
      "pickle opcode NONE at byte 0: expected PROTO first, found NONE",
    );
    expect(refusal(new Uint8Array(0))).toBe(
      "pickle opcode the end at byte 0: expected at least 1 bytes after it, found 0",
    );
    expect(refusal(Uint8Array.of(opcode.PROTO, 2, opcode.NONE, opcode.STOP, 1))).toBe(
      "pickle opcode STOP at byte 3: expected the end, found 1 more bytes",
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unpickled } from "../../../src/checkpoint/pickle/machine.ts";
import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import { PickleError } from "../../../src/checkpoint/pickle/stream.ts";
import {
  Dict,
  Global,
  Inert,
  List,
  type PickleValue,
} from "../../../src/checkpoint/pickle/value.ts";
import { environment, refusal } from "../../support/pickle-environment.ts";
import {
  call,
  dict,
  float,
  global,
  int,
  join,
  list,
  no,
  none,
  op,
  type Piece,
  pickle,
  text,
  tuple,
  u32,
  u64,
  yes,
} from "../../support/pickle-writer.ts";

/** A value as plain data. */
function plain(value: PickleValue): unknown {
  if (value instanceof List)
    return value.kind === "set" ? new Set(value.items.map(plain)) : value.items.map(plain);
  if (value instanceof Dict)
    return new Map([...value.entries].map(([key, item]) => [plain(key), plain(item)]));
  return value instanceof Global || value instanceof Inert ? value.what : value;
}
const read = (value: Piece, protocol = 2): unknown =>
  plain(unpickled(pickle(value, protocol), environment));

describe("a pickle is the value it describes:", () => {
  test.for<[string, Piece, unknown]>([
    ["None", none, null],
    ["True", yes, true],
    ["False", no, false],
    ["32 bits, signed", int(-70000), -70000],
    ["8 bits", op(opcode.BININT1, 255), 255],
    ["16 bits", op(opcode.BININT2, 1, 2), 513],
    ["float64, big-endian", float(-1.5), -1.5],
    ["long of no bytes", op(opcode.LONG1, 0), 0],
    ["long, negative", op(opcode.LONG1, 1, 0xff), -1],
    ["long within 2^53", op(opcode.LONG1, 6, 0, 0, 0, 0, 0, 1), 2 ** 40],
    ["long beyond 2^53", op(opcode.LONG1, 8, 1, 0, 0, 0, 0, 0, 0x20, 0), 2n ** 53n + 1n],
    ["long of 4 bytes of length", join(op(opcode.LONG4), u32(2), op(0x00, 0x80)), -32768],
    ["text", text("grøk"), "grøk"],
    ["short text", op(opcode.SHORT_BINUNICODE, 2, 0xc3, 0xb8), "ø"],
    ["long text", join(op(opcode.BINUNICODE8), u64(1n), Buffer.from("a")), "a"],
    ["text of Python 2", op(opcode.SHORT_BINSTRING, 1, 97), "a"],
    ["long text of Python 2", join(op(opcode.BINSTRING), u32(1), op(97)), "a"],
    ["bytes", op(opcode.SHORT_BINBYTES, 2, 0xff, 1), Uint8Array.of(255, 1)],
    ["more bytes", join(op(opcode.BINBYTES), u32(1), op(7)), Uint8Array.of(7)],
    ["most bytes", join(op(opcode.BINBYTES8), u64(1n), op(7)), Uint8Array.of(7)],
    ["a bytearray", join(op(opcode.BYTEARRAY8), u64(1n), op(7)), Uint8Array.of(7)],
    ["a tuple", tuple(int(1), tuple()), [1, []]],
    [
      "tuples of 0 to 3",
      join(
        op(opcode.EMPTY_TUPLE, opcode.TUPLE1),
        none,
        op(opcode.TUPLE2),
        none,
        none,
        op(opcode.TUPLE3),
      ),
      [[[[]], null], null, null],
    ],
    ["a list", list(int(1), int(2)), [1, 2]],
    ["a list, one by one", join(op(opcode.EMPTY_LIST), yes, op(opcode.APPEND)), [true]],
    [
      "a set",
      join(op(opcode.EMPTY_SET, opcode.MARK), int(1), int(2), op(opcode.ADDITEMS)),
      new Set([1, 2]),
    ],
    ["a frozen set", join(op(opcode.MARK), int(1), op(opcode.FROZENSET)), new Set([1])],
    ["a dictionary", dict({ a: int(1), __proto__: int(2) }), new Map([["a", 1]])],
    [
      "a dictionary, one by one",
      join(op(opcode.EMPTY_DICT), text("__proto__"), int(2), op(opcode.SETITEM)),
      new Map([["__proto__", 2]]),
    ],
    [
      "the later of equal keys",
      join(
        op(opcode.EMPTY_DICT),
        text("a"),
        int(2),
        op(opcode.SETITEM),
        text("a"),
        int(3),
        op(opcode.SETITEM),
      ),
      new Map([["a", 3]]),
    ],
    ["an allowed name", global("ours", "type"), "ours.type"],
    [
      "an allowed name from the stack",
      join(text("ours"), text("type"), op(opcode.STACK_GLOBAL)),
      "ours.type",
    ],
    ["what an allowed name makes", call(global("ours", "pair"), int(1), int(2)), [1, 2]],
    [
      "what a new object of it is",
      join(global("ours", "thing"), tuple(), op(opcode.NEWOBJ)),
      "a thing",
    ],
    [
      "attributes, dropped",
      join(dict({ a: int(1) }), dict({ _metadata: int(2) }), op(opcode.BUILD)),
      new Map([["a", 1]]),
    ],
    [
      "attributes of a thing, dropped",
      join(call(global("ours", "thing")), tuple(int(3)), op(opcode.BUILD)),
      "a thing",
    ],
    ["what an id stands for", join(text("k"), op(opcode.BINPERSID)), "stored k"],
    ["the memo", join(text("a"), op(opcode.BINPUT, 5, opcode.POP, opcode.BINGET, 5)), "a"],
    [
      "the memo by long index",
      join(
        text("a"),
        op(opcode.LONG_BINPUT),
        u32(70000),
        op(opcode.POP, opcode.LONG_BINGET),
        u32(70000),
      ),
      "a",
    ],
    [
      "the memo in order",
      join(
        text("a"),
        op(opcode.MEMOIZE, opcode.POP),
        text("b"),
        op(opcode.MEMOIZE, opcode.POP, opcode.BINGET, 0),
      ),
      "a",
    ],
    ["a frame", join(op(opcode.FRAME), u64(2n), yes), true],
    [
      "what is dropped",
      join(yes, op(opcode.MARK), no, no, op(opcode.POP_MARK, opcode.MARK, opcode.POP)),
      true,
    ],
    ["what is doubled", join(yes, op(opcode.DUP, opcode.TUPLE2)), [true, true]],
  ])("%s", ([, piece, expected]) => {
    for (const protocol of [2, 3, 4, 5]) expect(read(piece, protocol)).toEqual(expected);
  });
});

test("any bytes give an error or a value, at once", () => {
  const start = pickle(
    dict({ a: tuple(int(1), text("x")), b: call(global("ours", "pair"), list(float(2))) }),
  );
  const codes = fc.constantFrom(...Object.values(opcode));
  fc.assert(
    fc.property(fc.array(fc.oneof(codes, fc.nat({ max: 255 })), { maxLength: 60 }), (bytes) => {
      try {
        unpickled(Uint8Array.from([opcode.PROTO, 2, ...bytes]), environment);
      } catch (error) {
        expect(error).toBeInstanceOf(PickleError);
      }
    }),
    { numRuns: 2000 },
  );
  for (let length = 0; length < start.length; length++) refusal(start.slice(0, length));
});

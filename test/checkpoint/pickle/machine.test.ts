import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PickleEnvironment, unpickled } from "../../../src/checkpoint/pickle/machine.ts";
import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import { PickleError } from "../../../src/checkpoint/pickle/stream.ts";
import {
  Dict,
  Global,
  Inert,
  List,
  type PickleValue,
  Refusal,
} from "../../../src/checkpoint/pickle/value.ts";
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

const globals = new Map(
  [
    new Global("ours.pair", (args) => new List("tuple", args)),
    new Global("ours.type"),
    new Global("ours.thing", () => new Inert("a thing")),
    new Global("ours.picky", () => {
      throw new Refusal("expected cheese, found none");
    }),
  ].map((each) => [each.what, each]),
);
const environment: PickleEnvironment = {
  global: (module, name) => globals.get(`${module}.${name}`),
  persistent: (id) => new Inert(`stored ${String(id)}`),
};

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

/** The error of bytes that are no pickle we read. */
function refusal(bytes: Uint8Array): string {
  try {
    unpickled(bytes, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(PickleError);
    return (error as Error).message;
  }
  throw new Error("no error");
}
const bad = (value: Piece): string => refusal(pickle(value));

describe("what does more than describe values is refused, by name and position:", () => {
  test.for<[string, Piece, string]>([
    [
      "os.system",
      call(global("os", "system"), text("touch x")),
      'pickle opcode GLOBAL at byte 2: expected a name that torch.save writes for tensors, found "os.system"',
    ],
    [
      "posix.system by the stack",
      join(text("posix"), text("system"), op(opcode.STACK_GLOBAL)),
      'pickle opcode STACK_GLOBAL at byte 23: expected a name that torch.save writes for tensors, found "posix.system"',
    ],
    ["builtins.eval", global("builtins", "eval"), '"builtins.eval"'],
    ["a name of the language", global("__proto__", "constructor"), '"__proto__.constructor"'],
    [
      "a name deep in allowed things",
      list(int(1), dict({ a: global("os", "system") })),
      "pickle opcode GLOBAL at byte 17",
    ],
    [
      "an attribute of an allowed name",
      global("ours", "pair.__globals__"),
      '"ours.pair.__globals__"',
    ],
    [
      "a name from things that are none",
      join(int(1), none, op(opcode.STACK_GLOBAL)),
      "pickle opcode STACK_GLOBAL at byte 8: expected two names, found 1 and None",
    ],
    [
      "a call of a value",
      call(text("os.system"), text("x")),
      'expected an allowed name to call, found "os.system"',
    ],
    [
      "a call of what a call made",
      call(call(global("ours", "pair"), int(1))),
      "expected an allowed name to call, found a tuple of 1",
    ],
    [
      "a call without a tuple",
      join(global("ours", "pair"), list(), op(opcode.REDUCE)),
      "pickle opcode REDUCE at byte 16: expected a tuple of arguments, found a list of 0",
    ],
    [
      "a call of a type",
      call(global("ours", "type")),
      "pickle opcode REDUCE at byte 15: ours.type: expected something that can be called, found a type",
    ],
    [
      "a call that is refused",
      call(global("ours", "picky")),
      "pickle opcode REDUCE at byte 16: ours.picky: expected cheese, found none",
    ],
    [
      "attributes of a list",
      join(list(), dict({}), op(opcode.BUILD)),
      "pickle opcode BUILD at byte 8: expected attributes of a dictionary, found a dictionary of 0 for a list of 0",
    ],
    [
      "attributes that are none",
      join(dict({}), text("x"), op(opcode.BUILD)),
      'expected attributes of a dictionary, found "x" for a dictionary of 0',
    ],
  ])("%s", ([, piece, message]) => {
    expect(bad(piece)).toContain(message);
  });

  test.for<[number, string]>([
    [0x69, "INST"],
    [0x6f, "OBJ"],
    [0x50, "PERSID"],
    [0x82, "EXT1"],
    [0x92, "NEWOBJ_EX"],
    [0x49, "INT"],
    [0x97, "NEXT_BUFFER"],
    [0xff, "0xff"],
    [0x00, "0x00"],
  ])("opcode %i, which is %s", ([code, name]) => {
    expect(bad(join(none, op(code)))).toBe(
      `pickle opcode ${name} at byte 3: expected an opcode that torch.save writes for tensors, found another`,
    );
  });
});

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

const memo = Buffer.alloc(5_000_000);
for (let i = 0; i < 1_000_000; i++) {
  memo[5 * i] = opcode.LONG_BINPUT;
  memo.writeUInt32LE(4000 * i, 5 * i + 1);
}

describe("what would take too long, or too much memory, is refused soon and in little:", () => {
  const repeated = (count: number, ...codes: number[]): Piece =>
    Buffer.alloc(count * codes.length, Uint8Array.from(codes));
  test.for<[string, () => Piece, string]>([
    [
      "a million tuples in each other",
      () => join(op(opcode.EMPTY_TUPLE), repeated(1_000_000, opcode.TUPLE1)),
      "pickle opcode TUPLE1 at byte 102: expected nesting of at most 100, found deeper",
    ],
    [
      "a thousand lists in each other",
      () => join(repeated(1000, opcode.EMPTY_LIST), repeated(999, opcode.APPEND)),
      "pickle opcode APPEND",
    ],
    [
      "a million marks",
      () => repeated(1_000_000, opcode.MARK),
      "pickle opcode MARK at byte 102: expected at most 100 marks, found more",
    ],
    [
      "a list that holds itself, deeper with every turn",
      () => join(op(opcode.EMPTY_LIST), repeated(1000, opcode.DUP, opcode.APPEND)),
      "expected nesting of at most 100",
    ],
    [
      "five million values",
      () => repeated(5_000_000, opcode.NONE),
      "expected at most 4000000 opcodes and items, found more",
    ],
    [
      "five million dictionaries",
      () => repeated(5_000_000, opcode.EMPTY_DICT),
      "expected at most 4000000 opcodes and items, found more",
    ],
    [
      "a memo of a million",
      () => join(none, memo),
      "expected at most 4000000 opcodes and items, found more",
    ],
    [
      "a list doubled thirty times by a call",
      () => {
        const ours = global("ours", "pair");
        const turns = Array.from({ length: 4000 }, () =>
          join(ours, op(opcode.BINGET, 0, opcode.REDUCE)),
        );
        return join(
          op(opcode.MARK),
          repeated(2000, opcode.NONE),
          op(opcode.TUPLE, opcode.BINPUT, 0),
          ...turns,
        );
      },
      "expected at most 4000000 opcodes and items, found more",
    ],
  ])("%s", ([, make, message]) => {
    const bytes = pickle(make());
    const before = process.memoryUsage();
    const start = process.cpuUsage();
    expect(refusal(bytes)).toContain(message);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(2);
    const after = process.memoryUsage();
    expect(after.heapUsed - before.heapUsed).toBeLessThan(200e6);
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

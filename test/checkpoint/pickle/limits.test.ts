import { describe, expect, test } from "vitest";
import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import { refusal } from "../../support/pickle-environment.ts";
import { global, join, none, op, type Piece, pickle } from "../../support/pickle-writer.ts";

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

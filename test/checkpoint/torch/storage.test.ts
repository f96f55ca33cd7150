import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readCheckpoint } from "../../../src/checkpoint/index.ts";
import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import {
  dict,
  global,
  int,
  join,
  none,
  op,
  type Piece,
  pickle,
  text,
  tuple,
} from "../../support/pickle-writer.ts";
import { expectRefused } from "../../support/torch-state.ts";
import { storage, tensor, torchZip } from "../../support/torch-writer.ts";
import { zipOf } from "../../support/zip-writer.ts";

describe("a storage that is not what tensors say of it is refused:", () => {
  const of = storage("0", 6);
  const ends = "which ends at";

  test.for<[string, Piece, string]>([
    [
      "a storage that is not there",
      dict({ w: tensor(storage("1", 6), { shape: [6] }) }),
      'Cannot read tensor "w" of x: expected zip entry "run/data/1", found none',
    ],
    [
      "a storage of another size",
      dict({ w: tensor(storage("0", 7), { shape: [6] }) }),
      'Cannot read tensor "w" of x: expected 28 bytes of 7 elements in zip entry "run/data/0", found 24',
    ],
    [
      "a storage out of the data folder",
      dict({ w: tensor(storage("../version", 6), { shape: [6] }) }),
      'expected zip entry "run/data/../version", found none',
    ],
    [
      "a view past its storage",
      dict({ w: tensor(of, { offset: 1, shape: [6] }) }),
      `expected a view of storage 0 of 6 elements, found [6] with strides [1] from 1, ${ends} 6`,
    ],
    [
      "strides past its storage",
      dict({ w: tensor(of, { shape: [2, 2], strides: [5, 1] }) }),
      `${ends} 6`,
    ],
    [
      "a view larger than 2^53",
      dict({ w: tensor(of, { shape: [2 ** 30, 2 ** 30], strides: [0, 0] }) }),
      "expected a shape below 2^53, found [1073741824, 1073741824]",
    ],
    [
      "a bomb by repetition",
      dict({ w: tensor(of, { shape: [2 ** 30], strides: [0] }) }),
      "expected a view of at most 6 elements of storage 0, found [1073741824]",
    ],
    [
      "a bomb by sharing",
      dict(
        Object.fromEntries(
          Array.from({ length: 4000 }, (_, i) => [
            `w${i}`,
            tensor(of, { shape: [60_000], strides: [0] }),
          ]),
        ),
      ),
      "expected tensors of at most 64 times the file, found 960000000 bytes",
    ],
    [
      "a persistent id that is none",
      dict({ w: join(int(3), op(opcode.BINPERSID)) }),
      "pickle opcode BINPERSID at byte 15: expected a storage of 5 parts, found 3",
    ],
    [
      "a storage of no kind",
      dict({
        w: join(tuple(text("storage"), none, text("0"), text("cpu"), int(1)), op(opcode.BINPERSID)),
      }),
      "expected a kind of storage, found None",
    ],
    [
      "a storage of no key",
      dict({
        w: join(
          tuple(text("storage"), global("torch", "FloatStorage"), int(0), text("cpu"), int(1)),
          op(opcode.BINPERSID),
        ),
      }),
      "expected a key, found 0",
    ],
    [
      "a storage of no length",
      dict({
        w: join(
          tuple(text("storage"), global("torch", "FloatStorage"), text("0"), text("cpu"), int(-1)),
          op(opcode.BINPERSID),
        ),
      }),
      "expected a number of elements, found -1",
    ],
  ])("%s", ([, root, message]) => expectRefused(root, message));

  const views = (view: { shape: number[]; strides?: number[] }) =>
    Array.from({ length: 2000 }, (_, i) => [`w${i}`, tensor(storage("0", 100_000), view)]);

  test("many views that each reach over all of a storage", async () => {
    const root = dict(Object.fromEntries(views({ shape: [2], strides: [99_999] })));
    const bytes = torchZip(pickle(root), { "0": new Uint8Array(400_000) });
    await expect(readCheckpoint(bytes, "x")).rejects.toThrow(
      "Cannot read x: expected tensors of at most 64 times the file, found 800000000 bytes",
    );
  });

  test("many numbers of a packed storage, which is unpacked for each", async () => {
    const root = dict(Object.fromEntries(views({ shape: [1] })));
    const zeros = new Uint8Array(400_000);
    const bytes = zipOf([
      { name: "run/data.pkl", bytes: pickle(root) },
      { name: "run/data/0", bytes: zeros, deflated: deflateRawSync(zeros) },
    ]);
    await expect(readCheckpoint(bytes, "x")).rejects.toThrow(
      "Cannot read x: expected tensors of at most 64 times the file, found 800000000 bytes",
    );
  });
});

import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytesSource,
  CheckpointError,
  indexCheckpoint,
  readCheckpoint,
  tensorOf,
} from "../../../src/checkpoint/index.ts";
import { f64, header, npy } from "../../support/npy-writer.ts";
import { type ZipFile, zipOf } from "../../support/zip-writer.ts";

describe("a .npz archive", () => {
  const file = (name: string, bytes: Uint8Array, deflate = false): ZipFile => ({
    name,
    bytes,
    ...(deflate && { deflated: new Uint8Array(deflateRawSync(bytes)) }),
  });

  test.for([false, true])("is its arrays by name, deflated %s", async (deflate) => {
    const bytes = zipOf([
      file("left.npy", npy(header("<f8", "(2,)"), f64(1, 2)), deflate),
      file("net/down.weight.npy", npy(header("<f8", "(2, 2)", "True"), f64(1, 2, 3, 4)), deflate),
      file("step.npy", npy(header("<i4", "()"), Uint8Array.of(7, 0, 0, 0)), deflate),
      file("epoch.npy", npy(header("<f8", "(1,)"), f64(3)), deflate),
      file("zeros.npy", npy(header("<f8", "(1000, 10)"), f64(...Array(10_000).fill(0))), deflate),
      file("notes.txt", Buffer.from("hello")),
      file("net/", new Uint8Array(0)),
    ]);
    const index = await indexCheckpoint(bytes, "run.npz");
    expect(index).toMatchObject({
      format: "npz",
      step: 7,
      metadata: { step: "7" },
      ignored: ["notes.txt"],
    });
    expect([...index.tensors.keys()]).toEqual(["left", "net/down.weight", "epoch", "zeros"]);
    expect(index.tensors.get("zeros")).toEqual({ type: "F64", shape: [1000, 10] });
    expect([...tensorOf(await index.read("net/down.weight")).data]).toEqual([1, 3, 2, 4]);
    expect([...tensorOf(await index.read("left")).data]).toEqual([1, 2]);
  });

  test("that lies is refused, naming the array", async () => {
    const refused = (lies: Partial<ZipFile>) =>
      readCheckpoint(
        zipOf([{ ...file("a.npy", npy(header("<f8", "(2,)"), f64(1, 2))), ...lies }]),
        "x",
      );
    await expect(refused({ bytes: npy(header("<f8", "(3,)"), f64(1, 2)) })).rejects.toThrow(
      'Cannot read tensor "a" of x: expected 24 bytes for F64 [3], found 16',
    );
    await expect(refused({ bytes: npy(header("|O", "(2,)"), f64(1, 2)) })).rejects.toThrow(
      `Cannot read tensor "a" of x: expected descr of numbers, not of Python objects, found '|O'`,
    );
    await expect(refused({ bytes: Buffer.from("not an array") })).rejects.toThrow(
      'Cannot read tensor "a" of x: expected a .npy file, found other bytes',
    );
    await expect(refused({ directory: { crc: 1 } })).rejects.toThrow(
      'Cannot read x: zip entry "a.npy": expected CRC 00000001',
    );
  });

  test("that changes between its header and its numbers is refused", async () => {
    const archive = (array: Uint8Array) =>
      zipOf([{ ...file("a.npy", array), directory: { crc: 0 } }]);
    const before = archive(npy(header("<f8", "(2,)").padEnd(70), f64(1, 2)));
    const after = archive(npy(header("<f8", "(1,)").padEnd(78), f64(1)));
    const source = bytesSource(before, "x");
    let bytes = before;
    const index = await indexCheckpoint({
      ...source,
      read: async (offset, length) => bytes.subarray(offset, offset + length),
    });
    bytes = after;
    await expect(index.read("a")).rejects.toThrow(
      'Cannot read x: zip entry "a.npy" changed while it was read',
    );
  });

  test("cut off anywhere, or with a byte changed, gives an error or the same numbers", async () => {
    const bytes = zipOf([
      file("a.npy", npy(header("<f8", "(2,)"), f64(1, 2))),
      file("b.npy", npy(header("<f8", "(2, 1)", "True"), f64(3, 4)), true),
    ]);
    for (let length = 0; length < bytes.length; length++) {
      await expect(readCheckpoint(bytes.slice(0, length))).rejects.toBeInstanceOf(CheckpointError);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = bytes.slice();
          changed[at]! ^= by;
          const found = await readCheckpoint(changed).catch((error: unknown) => {
            expect(error).toBeInstanceOf(CheckpointError);
          });
          if (found === undefined) return;
          const values = [...found.tensors.values()].map((stored) => [...tensorOf(stored).data]);
          expect(values).toEqual([
            [1, 2],
            [3, 4],
          ]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bytesSource,
  CheckpointError,
  readCheckpoint,
  tensorOf,
  writeNpz,
} from "../../../src/checkpoint/index.ts";
import { ZipArchive } from "../../../src/checkpoint/zip/archive.ts";
import { writeZip } from "../../../src/checkpoint/zip/write.ts";
import { crcOf } from "../../support/zip-writer.ts";

/** Header and data of an array of the file, by the published layout of .npy version 1.0. */
async function arrayOf(
  bytes: Uint8Array,
  name: string,
): Promise<{ header: string; data: Uint8Array }> {
  const archive = await ZipArchive.open(bytesSource(bytes, "x.npz"));
  const npy = Uint8Array.from(await archive.read(archive.entries.get(`${name}.npy`)!));
  expect([...npy.subarray(0, 8)]).toEqual([0x93, 78, 85, 77, 80, 89, 1, 0]);
  const length = npy[8]! + 256 * npy[9]!;
  expect((10 + length) % 64).toBe(0);
  expect(npy[9 + length]).toBe(10);
  const header = new TextDecoder().decode(npy.subarray(10, 10 + length)).trim();
  return { header, data: npy.slice(10 + length) };
}

test("numbers are read back in their shape and precision, to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double(), { maxLength: 12 }),
      fc.boolean(),
      async (values, wide) => {
        const data = wide ? Float64Array.from(values) : Float32Array.from(values);
        const bytes = writeNpz({
          flat: { shape: [data.length], data },
          "a/b": { shape: [1, data.length, 1], data },
        });
        const { tensors } = await readCheckpoint(bytes, "x.npz");
        expect([...tensors.keys()]).toEqual(["flat", "a/b"]);
        for (const [name, shape] of [
          ["flat", [data.length]],
          ["a/b", [1, data.length, 1]],
        ] as const) {
          const stored = tensors.get(name)!;
          expect(stored.type).toBe(wide ? "F64" : "F32");
          expect(stored.shape).toEqual(shape);
          expect([...tensorOf(stored).data]).toEqual([...data]);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test("whole numbers are int64", async () => {
  const { header, data } = await arrayOf(
    writeNpz({ steps: BigInt64Array.of(0n, -7n, 2n ** 53n) }),
    "steps",
  );
  expect(header).toBe("{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }");
  expect([...new BigInt64Array(data.buffer)]).toEqual([0n, -7n, 2n ** 53n]);
});

test("texts are UTF-32 of one length, padded with zeros; one text has no axis", async () => {
  const bytes = writeNpz(
    new Map<string, string | string[]>([
      ["labels", ["é", "", "a𝛼b"]],
      ["one", "xy"],
      ["none", []],
    ]),
  );
  const labels = await arrayOf(bytes, "labels");
  expect(labels.header).toBe("{'descr': '<U3', 'fortran_order': False, 'shape': (3,), }");
  const points = [0xe9, 0, 0, 0, 0, 0, 97, 0x1d6fc, 98];
  expect([...new Uint32Array(labels.data.buffer)]).toEqual(points);
  const one = await arrayOf(bytes, "one");
  expect(one.header).toBe("{'descr': '<U2', 'fortran_order': False, 'shape': (), }");
  expect([...new Uint32Array(one.data.buffer)]).toEqual([120, 121]);
  expect((await arrayOf(bytes, "none")).header).toContain(
    "'<U1', 'fortran_order': False, 'shape': (0,)",
  );
});

test("the archive is a plain zip: every entry stored with its CRC, twice told the same, dated alike", () => {
  const bytes = writeNpz({ α: "x", b: "y" });
  const view = new DataView(bytes.buffer);
  const end = bytes.length - 22;
  expect(view.getUint32(end, true)).toBe(0x06054b50);
  expect([view.getUint16(end + 8, true), view.getUint16(end + 10, true)]).toEqual([2, 2]);
  let at = view.getUint32(end + 16, true);
  for (const name of ["α.npy", "b.npy"]) {
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    const nameLength = view.getUint16(at + 28, true);
    const size = view.getUint32(at + 24, true);
    const own = view.getUint32(at + 42, true);
    const text = (start: number) =>
      new TextDecoder().decode(bytes.subarray(start, start + nameLength));
    expect([text(at + 46), text(own + 30)]).toEqual([name, name]);
    // Version, flags, method, time, date, CRC, both sizes and the name's length stand in both places.
    expect(bytes.slice(own + 4, own + 30)).toEqual(bytes.slice(at + 6, at + 32));
    const start = own + 30 + nameLength;
    expect(view.getUint32(at + 16, true)).toBe(crcOf(bytes.subarray(start, start + size)));
    at += 46 + nameLength;
  }
  expect(at).toBe(end);
  expect(writeNpz({ α: "x", b: "y" })).toEqual(bytes);
});

test("an archive beyond 4 GiB is refused before a byte is copied, not written wrong", () => {
  const huge = { length: 2 ** 32 } as Uint8Array;
  expect(() => writeZip(new Map([["a", huge]]))).toThrow(
    new CheckpointError(
      "Cannot write a zip file: expected at most 4294967295 bytes, found 4294967396",
    ),
  );
});

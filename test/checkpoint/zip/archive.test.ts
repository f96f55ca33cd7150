import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesSource, CheckpointError } from "../../../src/checkpoint/index.ts";
import { ZipArchive } from "../../../src/checkpoint/zip/archive.ts";
import { bytes, contents, file, packed } from "../../support/zip-files.ts";
import { type ZipOptions, zipOf } from "../../support/zip-writer.ts";

describe("a zip archive is read", () => {
  const files = [
    file("a/x", "first"),
    packed("a/y", bytes("second ".repeat(40))),
    file("z", "", { padding: 7 }),
  ];
  const expected = { "a/x": "first", "a/y": "second ".repeat(40), z: "" };

  test.for<[string, ZipOptions]>([
    ["with the records of small archives", {}],
    ["with 64-bit records that repeat them, as PyTorch writes", { wide: true }],
    ["with every number left to 64-bit fields", { deferred: true }],
    [
      "with a comment that holds another end record",
      { comment: "PK\x05\x06 and more, up to here" },
    ],
  ])("%s", async ([, options]) => {
    expect(await contents(zipOf(files, options))).toEqual(expected);
  });

  test("with sizes in its headers, or after its bytes", async () => {
    const sized = files.map((each) => ({ ...each, header: { flags: 0x0800 } }));
    expect(await contents(zipOf(sized))).toEqual(expected);
  });

  test("in part, stored or deflated, its CRC checked first", async () => {
    const text = "0123456789";
    const zip = await ZipArchive.open(
      bytesSource(
        zipOf([
          file("s", text),
          packed("d", bytes(text)),
          file("bad", text, { directory: { crc: 1 } }),
        ]),
        "a",
      ),
    );
    for (const name of ["s", "d"]) {
      const entry = zip.entries.get(name)!;
      expect(new TextDecoder().decode(await zip.read(entry, 3, 6))).toBe("345");
      expect(new TextDecoder().decode(await zip.head(entry, 4))).toBe("0123");
      expect((await zip.head(entry, 100)).length).toBe(10);
    }
    await expect(zip.read(zip.entries.get("bad")!, 3, 6)).rejects.toThrow(
      'Cannot read a: zip entry "bad": expected CRC 00000001, found a684c7c6',
    );
  });

  test("without a CRC where the writer computed none", async () => {
    expect(await contents(zipOf([file("x", "abc", { directory: { crc: 0 } })]))).toEqual({
      x: "abc",
    });
  });

  test("deflated in many chunks", async () => {
    const noise = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i * 31 + (i >> 5)) & 255);
    const zip = await ZipArchive.open(bytesSource(zipOf([packed("x", noise)]), "a"));
    expect(Buffer.compare(await zip.read(zip.entries.get("x")!), noise)).toBe(0);
  });
});

test("cut off anywhere, an archive gives an error", async () => {
  const archive = zipOf([file("a", "first"), packed("b", bytes("second ".repeat(9)))], {
    wide: true,
  });
  for (let length = 0; length < archive.length; length++) {
    await expect(contents(archive.slice(0, length))).rejects.toBeInstanceOf(CheckpointError);
  }
});

test("with a byte changed, an archive gives an error or its files as they were", async () => {
  const text = "second ".repeat(9);
  const archive = zipOf([file("a", "first"), packed("b", bytes(text))], { wide: true });
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: archive.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, by) => {
        const changed = archive.slice();
        changed[at]! ^= by;
        const found = await contents(changed).catch((error: unknown) => {
          expect(error).toBeInstanceOf(CheckpointError);
        });
        for (const value of Object.values(found ?? {})) expect(["first", text]).toContain(value);
      },
    ),
    { numRuns: 500 },
  );
});

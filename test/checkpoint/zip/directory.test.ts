import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CheckpointError } from "../../../src/checkpoint/index.ts";
import { bytes, contents, file, packed } from "../../support/zip-files.ts";
import { type ZipFile, type ZipOptions, zipOf } from "../../support/zip-writer.ts";

describe("an archive that lies is refused:", () => {
  const two = (lies: Partial<ZipFile>) => zipOf([file("a", "aaaa", lies), file("b", "bbbb")]);
  const zeros = new Uint8Array(100_000_000);
  test.for<[string, Uint8Array | (() => Uint8Array), string | RegExp]>([
    [
      "no directory",
      bytes("PK\x03\x04"),
      "expected a zip directory at the end, found none: it may be cut off",
    ],
    [
      "bytes after it",
      Buffer.concat([two({}), bytes("x")]),
      "expected a zip directory at the end, found none",
    ],
    [
      "bytes before it",
      Buffer.concat([bytes("x"), two({})]),
      "expected a zip directory that ends at byte 165, found 164",
    ],
    [
      "an offset past the end",
      two({ directory: { offset: 5000 } }),
      'zip entry "a": expected it to end before byte 70, found 5035',
    ],
    [
      "an entry over another",
      two({ directory: { offset: 35 } }),
      /zip entry "[ab]": expected it to end before byte (35|70), found 70/,
    ],
    [
      "a size past its end",
      two({ directory: { size: 40, packed: 40 } }),
      'zip entry "a": expected it to end before byte 35, found 71',
    ],
    [
      "stored bytes of two sizes",
      two({ directory: { size: 3 } }),
      'zip entry "a": expected 3 stored bytes, found 4',
    ],
    [
      "a wrong CRC",
      two({ directory: { crc: 5 } }),
      'zip entry "a": expected CRC 00000005, found ad98e545',
    ],
    [
      "encryption",
      two({ directory: { flags: 1 } }),
      'zip entry "a": expected no encryption, found an encrypted entry',
    ],
    [
      "another compression",
      two({ directory: { method: 12 } }),
      'zip entry "a": expected stored or deflated bytes, found method 12',
    ],
    [
      "another disk",
      two({ directory: { disk: 1 } }),
      'zip entry "a": expected one disk, found several',
    ],
    [
      "another name in the header",
      two({ header: { name: "b" } }),
      'zip entry "a": expected the same name in its header, found another',
    ],
    [
      "another compression in the header",
      two({ header: { method: 8 } }),
      'zip entry "a": expected the same compression in its header, found another',
    ],
    [
      "another size in the header",
      two({ header: { flags: 0, size: 5 } }),
      'zip entry "a": expected 4 bytes in its header, found 5',
    ],
    [
      "a header that reaches into the next",
      two({ header: { name: "aaaaaaaa" }, directory: { size: 5, packed: 5 } }),
      'zip entry "a": expected it to end before byte 42, found 43',
    ],
    [
      "one name twice",
      zipOf([file("a", "1"), file("a", "2")]),
      'expected zip entry "a" once, found it twice',
    ],
    [
      "a name out of the archive",
      zipOf([file("x/../../y", "1")]),
      'expected zip names inside the archive, found "x/../../y"',
    ],
    [
      "an absolute name",
      zipOf([file("/etc/x", "1")]),
      'expected zip names inside the archive, found "/etc/x"',
    ],
    [
      "a Windows name",
      zipOf([file("..\\x", "1")]),
      'expected zip names inside the archive, found "..\\\\x"',
    ],
    [
      "deflated bytes that are none",
      zipOf([{ ...file("a", "abc"), deflated: bytes("\xff\xff\xff") }]),
      'zip entry "a": expected a deflate stream, found other bytes',
    ],
    [
      "deflated bytes cut off",
      zipOf([
        packed("a", bytes("abc".repeat(99)), {
          deflated: deflateRawSync(bytes("abc".repeat(99))).subarray(0, 5),
        }),
      ]),
      /zip entry "a": expected (a deflate stream|297 bytes)/,
    ],
    [
      "more than it says",
      zipOf([packed("a", bytes("x".repeat(5000)), { directory: { size: 4000 } })]),
      'zip entry "a": expected 4000 bytes, found more',
    ],
    [
      "less than it says",
      zipOf([packed("a", bytes("x".repeat(50)), { directory: { size: 60 } })]),
      'zip entry "a": expected 60 bytes, found 50',
    ],
    [
      "a bomb by what it says",
      () => zipOf([packed("a", zeros)]),
      "Cannot read a.zip: expected at most 33554432 bytes when unpacked, found 100000000",
    ],
    [
      "a bomb of many small ones",
      () => {
        const part = packed("", zeros.subarray(0, 2 ** 20));
        return zipOf(Array.from({ length: 33 }, (_, i) => ({ ...part, name: `${i}` })));
      },
      "Cannot read a.zip: expected at most 33554432 bytes when unpacked, found 34603008",
    ],
    [
      "more than any stream can unpack to",
      zipOf([packed("a", bytes("x".repeat(50)), { directory: { size: 10_000 } })]),
      /zip entry "a": expected at most \d+ bytes from \d+ packed, found 10000/,
    ],
  ])("%s", async ([, archive, message]) => {
    const reading = contents(typeof archive === "function" ? archive() : archive);
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(message);
  });

  const patched = (
    options: ZipOptions,
    patch: (view: DataView, length: number) => void,
  ): Uint8Array => {
    const archive = zipOf([file("a", "aaaa")], options);
    patch(new DataView(archive.buffer), archive.length);
    return archive;
  };
  test.for<[string, Uint8Array, string]>([
    [
      "several disks",
      patched({}, (view, n) => view.setUint16(n - 18, 1, true)),
      "expected a zip archive in one file, found one of several",
    ],
    [
      "too few entries",
      patched({}, (view, n) => view.setUint16(n - 12, 2, true)),
      "expected 2 zip entries, found 1",
    ],
    [
      "no entry where one should be",
      patched({}, (view) => view.setUint32(35, 0, true)),
      "expected a zip entry at byte 35, found other bytes",
    ],
    [
      "a name past the directory",
      patched({}, (view) => view.setUint16(35 + 28, 99, true)),
      "the zip directory is cut off",
    ],
    [
      "a header that is none",
      patched({}, (view) => view.setUint32(0, 0, true)),
      'zip entry "a": expected its header at byte 0, found other bytes',
    ],
    [
      "a name not in UTF-8",
      patched({}, (view) => view.setUint8(35 + 46, 0xff)),
      "expected zip names in UTF-8, found other bytes",
    ],
    [
      "records that disagree",
      patched({ wide: true }, (view, n) => view.setBigUint64(n - 22 - 20 - 56 + 48, 3n, true)),
      "expected both zip records to agree on the directory's offset, found 35 and 3",
    ],
    [
      "64-bit records elsewhere",
      patched({ wide: true }, (view, n) => view.setBigUint64(n - 22 - 20 + 8, 2n ** 60n, true)),
      "expected the 64-bit zip record at byte 82, found it announced at more than 2^53",
    ],
    [
      "64-bit records that are none",
      patched({ wide: true }, (view, n) => view.setUint32(n - 22 - 20 - 56, 0, true)),
      "expected the 64-bit zip record at byte 82, found other bytes",
    ],
    [
      "a 64-bit size beyond any",
      patched({ deferred: true }, (view) => view.setBigUint64(35 + 47 + 5 + 4, 2n ** 63n, true)),
      'zip entry "a": expected a 64-bit size, found none below 2^53',
    ],
    [
      "64-bit fields that are not there",
      patched({ deferred: true }, (view) => view.setUint16(35 + 47 + 5, 9, true)),
      'zip entry "a": expected a 64-bit size, found none below 2^53',
    ],
  ])("%s", async ([, archive, message]) => {
    await expect(contents(archive)).rejects.toThrow(message);
  });
});

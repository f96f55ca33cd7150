import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "../../../src/checkpoint/zip/crc32.ts";
import { bytes } from "../../support/zip-files.ts";
import { crcOf } from "../../support/zip-writer.ts";

test("crc32 is the CRC of zip files, for any length and in parts", () => {
  expect(crc32(bytes("123456789"))).toBe(0xcbf43926);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), fc.nat({ max: 50 }), (all, at) => {
      expect(crc32(all)).toBe(crcOf(all));
      expect(crc32(all.subarray(at), crc32(all.subarray(0, at)))).toBe(crcOf(all));
    }),
  );
});

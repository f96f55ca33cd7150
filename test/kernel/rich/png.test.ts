import { execFileSync } from "node:child_process";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { pngOf, slowChecksum } from "../../../kernel/rich/png.ts";
import { titled } from "../../support/skipped.ts";

test("the checksum is that of the standard's own example", () => {
  // CRC-32 of "123456789" is CBF43926.
  expect(slowChecksum(Buffer.from("123456789"))).toBe(0xcbf43926);
  const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => (i * 31) & 255);
  if (crc32 !== undefined) expect(slowChecksum(bytes)).toBe(crc32(bytes));
});

const reads = (() => {
  try {
    execFileSync("python3", ["-c", "import PIL"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!reads)(titled("another reader finds the same pixels", reads, "Pillow"), () => {
  const pixels = Uint8Array.from({ length: 4 * 3 * 2 }, (_, i) => (i * 37) & 255);
  const script =
    "import sys,io; from PIL import Image; im=Image.open(io.BytesIO(sys.stdin.buffer.read())); print(im.size, im.mode, list(im.tobytes()))";
  const told = execFileSync("python3", ["-c", script], { input: pngOf(3, 2, pixels) });
  expect(String(told).trim()).toBe(`(3, 2) RGBA [${[...pixels].join(", ")}]`);
});

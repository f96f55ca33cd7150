import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameReader, largestFrame, lengthPrefix } from "../../src/protocol/index.ts";

function stream(frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(frames.flatMap((frame) => [lengthPrefix(frame.length), frame]));
}

test("frames come out as they went in, wherever the stream is cut", () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
  fc.assert(
    fc.property(frames, fc.array(fc.nat(9)), (sent, cuts) => {
      const received: Uint8Array[] = [];
      const reader = new FrameReader((frame) => received.push(frame));
      let rest = stream(sent);
      for (const cut of cuts) {
        reader.push(rest.subarray(0, cut));
        rest = rest.subarray(cut);
      }
      reader.push(rest);
      expect(received).toEqual(sent.map((frame) => new Uint8Array(frame)));
    }),
  );
});

test("a frame that came in pieces does not change when the next one comes", () => {
  const received: Uint8Array[] = [];
  const reader = new FrameReader((frame) => received.push(frame));
  const chunk = stream([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]);
  reader.push(chunk);
  chunk.fill(9);
  expect(received).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]);
});

test("a length beyond the largest is refused before memory is taken for it", () => {
  const reader = new FrameReader(() => {});
  expect(() => reader.push(lengthPrefix(largestFrame + 1))).toThrow(
    "Cannot read a frame: expected at most 1073741824 bytes, found 1073741825",
  );
});

import { describe, expect, test } from "vitest";
import { hardestCap, MemoryWatch, sizeText } from "../../../kernel/memory/memory.ts";

function watched(cap: number) {
  const heard: unknown[] = [];
  let bytes = 100e6;
  const watch = new MemoryWatch(
    cap,
    {
      tell: (notice) => heard.push(notice),
      full: () => heard.push("full"),
      end: (reason) => heard.push(reason),
    },
    () => bytes,
  );
  let now = 0;
  const look = (size: number, milliseconds = 1_000): number => {
    bytes = size;
    now += milliseconds;
    return watch.look(now);
  };
  return { heard, watch, look };
}

describe("a watch of the memory", () => {
  test("tells the size when it has changed by megabytes, at most every two seconds", () => {
    const { heard, look } = watched(1e9);
    look(100e6);
    look(103e6, 2_000);
    look(110e6, 1_000);
    look(120e6, 1_000);
    expect(heard).toEqual([
      { type: "memory", bytes: 100e6, cap: 1e9 },
      { type: "memory", bytes: 110e6, cap: 1e9 },
    ]);
  });

  test("looks the more often the nearer the cap is", () => {
    const { look } = watched(1e9);
    const pauses = [100e6, 800e6, 980e6, 1e9].map((bytes) => look(bytes));
    expect(pauses).toEqual([225, 50, 20, 20]);
    expect(watched(64e9).look(1e9)).toBe(500);
  });

  test("without a cap only tells", () => {
    const { heard, look } = watched(Number.POSITIVE_INFINITY);
    look(100e9);
    expect(heard).toEqual([{ type: "memory", bytes: 100e9 }]);
  });

  test("asks for relief once at the cap, and again when it has grown since", () => {
    const { heard, watch, look } = watched(1e9);
    look(1e9);
    look(1.1e9);
    const asked = () => heard.filter((word) => word === "full").length;
    expect(asked()).toBe(1);
    watch.handled();
    look(1.11e9);
    expect(asked()).toBe(1);
    look(1.13e9);
    expect(asked()).toBe(2);
    watch.handled();
    look(0.9e9);
    look(1e9);
    expect(asked()).toBe(3);
  });

  test("ends the process when nothing has helped", () => {
    const { heard, look } = watched(4e9);
    look(hardestCap(4e9));
    expect(heard).toContain("It ran out of memory: expected at most 4.0 GB, found 4.5 GB");
  });
});

test.for<[number, string]>([
  [999, "999 bytes"],
  [1_499, "1 kB"],
  [1e6, "1 MB"],
  [1.24e9, "1.2 GB"],
])("%s bytes are %s", ([bytes, text]) => {
  expect(sizeText(bytes)).toBe(text);
});

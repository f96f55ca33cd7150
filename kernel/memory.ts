import type { MemoryNotice } from "../src/protocol/index.ts";

/** Milliseconds between two looks. */
const interval = 2_000;
/** Bytes by which it must have changed to be worth telling. */
const change = 4 * 1024 * 1024;

/** Tells now and then how much memory the process holds. */
export function reportMemory(tell: (notice: MemoryNotice) => void): void {
  let told = Number.NEGATIVE_INFINITY;
  const look = () => {
    const bytes = process.memoryUsage.rss();
    if (Math.abs(bytes - told) < change) return;
    told = bytes;
    tell({ type: "memory", bytes });
  };
  look();
  setInterval(look, interval).unref();
}

import { head, type KernelNotice, type MemoryNotice } from "../../src/protocol/index.ts";

/** The head of a kernel's frame when it is a notice we know; a kernel runs foreign code, so it is looked at. */
export function readNotice(frame: Uint8Array): KernelNotice | MemoryNotice | undefined {
  let message: unknown;
  try {
    message = head(frame).message;
  } catch {
    return undefined;
  }
  if (typeof message !== "object" || message === null) return undefined;
  const { type, cell, client, seq, result, state, bytes, cap, display } = message as Record<
    string,
    unknown
  >;
  switch (type) {
    case "ready":
    case "uncaught":
      return message as unknown as KernelNotice;
    case "memory":
      if (typeof bytes !== "number") return undefined;
      return { type, bytes, ...(typeof cap === "number" && { cap }) };
    case "display":
      return typeof cell === "string" && typeof display === "string"
        ? (message as unknown as KernelNotice)
        : undefined;
    case "run":
    case "clear":
    case "progress":
    case "log": {
      const known = typeof cell === "string" && (type !== "run" || typeof state === "string");
      return known ? (message as unknown as KernelNotice) : undefined;
    }
    case "result": {
      const texts = [cell, client, result].every((text) => typeof text === "string");
      return texts && typeof seq === "number" ? (message as unknown as KernelNotice) : undefined;
    }
    default:
      return undefined;
  }
}

import type { MimeBundle } from "../../src/protocol/index.ts";

/** A bundle as Jupyter's messages and notebooks hold it: bytes become base64. */
export function dataOf(bundle: MimeBundle): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, value]) => [
      type,
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ]),
  );
}

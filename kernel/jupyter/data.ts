import type { MimeBundle } from "../../src/protocol/index.ts";
import type { Content } from "./wire.ts";

/** A bundle as messages hold it: bytes become base64. */
export function dataOf(bundle: MimeBundle): Content {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, value]) => [
      type,
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ]),
  );
}

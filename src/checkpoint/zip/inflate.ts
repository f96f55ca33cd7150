import { fault } from "../bytes.ts";
import type { ByteSource } from "../checkpoint.ts";
import type { ZipEntry } from "./directory.ts";

const chunk = 1 << 16;

/**
 * The first bytes of a deflated entry whose packed bytes begin at `start`, at most `length`. Holds one
 * chunk beyond that, whatever the stream would unpack to.
 *
 * @throws {CheckpointError} when the packed bytes are not a deflate stream, or end too early
 */
export async function inflated(
  source: ByteSource,
  entry: ZipEntry,
  start: number,
  length: number,
): Promise<Uint8Array> {
  let at = 0;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        if (at >= entry.packed) return controller.close();
        const size = Math.min(chunk, entry.packed - at);
        // A copy: a stream may take the buffer away from who gave it.
        controller.enqueue(new Uint8Array(await source.read(start + at, size)));
        at += size;
      },
    },
    { highWaterMark: 0 },
  );
  const out = new Uint8Array(length);
  const reader = packed.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let filled = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return out.subarray(0, filled);
      const room = length - filled;
      out.set(value.subarray(0, room), filled);
      filled += Math.min(room, value.length);
      if (value.length > room || (length < entry.size && filled === length)) {
        if (length === entry.size) throw excess(source, entry);
        return out;
      }
    }
  } catch (error) {
    if (error instanceof TypeError || !(error instanceof Error) || "code" in error) {
      throw fault(
        source.name,
        `zip entry "${entry.name}": expected a deflate stream, found other bytes`,
      );
    }
    throw error;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function excess(source: ByteSource, entry: ZipEntry): Error {
  return fault(source.name, `zip entry "${entry.name}": expected ${entry.size} bytes, found more`);
}

import type { ReceivedPiece } from "../../../protocol/index.ts";

/** Bytes sent at a time: progress is seen, and a stop is heard. */
const pieceSize = 4 * 1024 * 1024;

/**
 * Sends a file to be kept under the root. Nothing is overwritten, and what is no checkpoint is not kept.
 *
 * @param path under the root
 * @throws {Error} with the server's reason when it does not keep it
 * @throws the signal's reason when it aborts; what was sent is removed
 */
export async function sendFile(
  file: Blob,
  path: string,
  signal: AbortSignal,
  progress: (sent: number) => void,
): Promise<void> {
  const upload = crypto.randomUUID();
  const total = file.size;
  if (total === 0) throw new Error(`Cannot keep ${path}: it is an empty file`);
  try {
    for (let offset = 0; offset < total; offset += pieceSize) {
      signal.throwIfAborted();
      const query = new URLSearchParams({ path, upload, offset: `${offset}`, total: `${total}` });
      const body = file.slice(offset, offset + pieceSize, "application/octet-stream");
      const answer = await fetch(`/api/checkpoints?${query}`, { method: "POST", body, signal });
      if (!answer.ok) throw new Error((await answer.text()).trim());
      progress(((await answer.json()) as ReceivedPiece).received);
    }
  } catch (error) {
    const query = new URLSearchParams({ path, upload, stop: "" });
    await fetch(`/api/checkpoints?${query}`, { method: "POST" }).catch(() => undefined);
    throw error;
  }
}

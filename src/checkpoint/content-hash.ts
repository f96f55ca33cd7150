import type { Checkpoint } from "./checkpoint.ts";

/**
 * SHA-256 of what a checkpoint holds, as 64 hexadecimal digits: names, types, shapes and bytes of its
 * tensors, whatever their order, the file's format, its name and its metadata.
 */
export async function contentHash({ tensors }: Pick<Checkpoint, "tensors">): Promise<string> {
  const names = [...tensors.keys()].sort();
  const digests = await Promise.all(
    names.map(async (name) => {
      const { type, shape, bytes } = tensors.get(name)!;
      const head = new TextEncoder().encode(JSON.stringify([name, type, shape]));
      return [await digest(head), await digest(bytes)];
    }),
  );
  const all = new Uint8Array(await new Blob(digests.flat()).arrayBuffer());
  const hash = new Uint8Array(await digest(all));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function digest(bytes: Uint8Array): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
}

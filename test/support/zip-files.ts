import { deflateRawSync } from "node:zlib";
import { bytesSource } from "../../src/checkpoint/index.ts";
import { ZipArchive } from "../../src/checkpoint/zip/archive.ts";
import type { ZipFile } from "./zip-writer.ts";

/** Text in UTF-8. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A stored file of an archive; `lies` go into its headers. */
export const file = (name: string, text: string, lies: Partial<ZipFile> = {}): ZipFile => ({
  name,
  bytes: bytes(text),
  ...lies,
});
/** A deflated one. */
export const packed = (
  name: string,
  content: Uint8Array,
  lies: Partial<ZipFile> = {},
): ZipFile => ({
  name,
  bytes: content,
  deflated: new Uint8Array(deflateRawSync(content)),
  ...lies,
});

/** Every file of an archive, read as text. */
export async function contents(archive: Uint8Array): Promise<Record<string, string>> {
  const zip = await ZipArchive.open(bytesSource(archive, "a.zip"));
  const found: Record<string, string> = {};
  for (const entry of zip.entries.values()) {
    found[entry.name] = new TextDecoder().decode(await zip.read(entry));
  }
  return found;
}

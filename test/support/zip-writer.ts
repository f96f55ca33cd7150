import { crc32 } from "node:zlib";

/** One file of an archive to write, with what it should lie about. */
export interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The packed bytes, when `bytes` is to be deflated. */
  readonly deflated?: Uint8Array;
  /** Replaces what the directory tells. */
  readonly directory?: Partial<
    Record<"crc" | "size" | "packed" | "offset" | "flags" | "method" | "disk", number>
  >;
  /** Replaces what the file's own header tells. */
  readonly header?: Partial<Record<"crc" | "size" | "packed" | "flags" | "method", number>> & {
    readonly name?: string;
  };
  /** Bytes of padding in an extra field, as PyTorch writes to align storages. */
  readonly padding?: number;
}

export interface ZipOptions {
  /** Writes 64-bit records at the end as well, as PyTorch does. */
  readonly wide?: boolean;
  /** Leaves every size and offset to 64-bit fields. */
  readonly deferred?: boolean;
  readonly comment?: string;
}

const bytesOf = (format: readonly (readonly [size: 2 | 4 | 8, value: number])[]): Buffer => {
  const out = Buffer.alloc(format.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of format) {
    if (size === 2) out.writeUInt16LE(value, at);
    else if (size === 4) out.writeUInt32LE(value, at);
    else out.writeBigUInt64LE(BigInt(value), at);
    at += size;
  }
  return out;
};

/** The CRC-32 that zip files use; Node's own where this Node has it. */
export function crcOf(bytes: Uint8Array): number {
  if (typeof crc32 === "function") return crc32(bytes);
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** A zip archive of these files. */
export function zipOf(files: readonly ZipFile[], options: ZipOptions = {}): Uint8Array {
  const { wide = false, deferred = false, comment = "" } = options;
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const add = (...buffers: Buffer[]): void => {
    for (const buffer of buffers) at += buffer.length;
    parts.push(...buffers);
  };
  for (const file of files) {
    const name = Buffer.from(file.name);
    const packed = Buffer.from(file.deflated ?? file.bytes);
    const told = {
      crc: crcOf(file.bytes),
      size: file.bytes.length,
      packed: packed.length,
      offset: at,
      flags: 0x0800,
      method: file.deflated === undefined ? 0 : 8,
      disk: 0,
      ...file.directory,
    };
    const own = { ...told, flags: 0x0808, name: file.name, ...file.header };
    const sized = (own.flags & 8) === 0;
    const ownName = Buffer.from(own.name);
    const padding =
      file.padding === undefined
        ? Buffer.alloc(0)
        : bytesOf([
            [2, 0x4246],
            [2, file.padding],
          ]);
    add(
      bytesOf([
        [4, 0x04034b50],
        [2, 20],
        [2, own.flags],
        [2, own.method],
        [4, 0],
        [4, sized ? own.crc : 0],
        [4, sized ? own.packed : 0],
        [4, sized ? own.size : 0],
        [2, ownName.length],
        [2, padding.length + (file.padding ?? 0)],
      ]),
      ownName,
      padding,
      Buffer.alloc(file.padding ?? 0, "Z"),
      packed,
    );
    const extra = deferred
      ? Buffer.concat([
          bytesOf([
            [2, 0x5554],
            [2, 1],
          ]),
          Buffer.from("t"),
          bytesOf([
            [2, 1],
            [2, 24],
            [8, told.size],
            [8, told.packed],
            [8, told.offset],
          ]),
        ])
      : Buffer.alloc(0);
    const field = (value: number): number => (deferred ? 0xffffffff : value);
    directory.push(
      bytesOf([
        [4, 0x02014b50],
        [2, 20],
        [2, 20],
        [2, told.flags],
        [2, told.method],
        [4, 0],
        [4, told.crc],
        [4, field(told.packed)],
        [4, field(told.size)],
        [2, name.length],
        [2, extra.length],
        [2, 0],
        [2, told.disk],
        [2, 0],
        [4, 0],
        [4, field(told.offset)],
      ]),
      name,
      extra,
    );
  }
  const start = at;
  add(...directory);
  const size = at - start;
  if (wide || deferred) {
    const end = at;
    add(
      bytesOf([
        [4, 0x06064b50],
        [8, 44],
        [2, 45],
        [2, 45],
        [4, 0],
        [4, 0],
      ]),
      bytesOf([
        [8, files.length],
        [8, files.length],
        [8, size],
        [8, start],
      ]),
      bytesOf([
        [4, 0x07064b50],
        [4, 0],
        [8, end],
        [4, 1],
      ]),
    );
  }
  add(
    bytesOf([
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
    ]),
    bytesOf([
      [2, deferred ? 0xffff : files.length],
      [2, deferred ? 0xffff : files.length],
    ]),
    bytesOf([
      [4, deferred ? 0xffffffff : size],
      [4, deferred ? 0xffffffff : start],
      [2, comment.length],
    ]),
    Buffer.from(comment),
  );
  return new Uint8Array(Buffer.concat(parts));
}

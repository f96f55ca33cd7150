/** Largest frame that a kernel may send: more is a lie about a length, or a value for a file. */
export const largestFrame: number = 2 ** 30;

/**
 * Cuts the byte stream of a kernel into frames: a length (u32, little-endian), then as many bytes.
 */
export class FrameReader {
  readonly #receive: (frame: Uint8Array<ArrayBuffer>) => void;
  readonly #length = new Uint8Array(4);
  #frame: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;

  constructor(receive: (frame: Uint8Array<ArrayBuffer>) => void) {
    this.#receive = receive;
  }

  /** @throws {RangeError} when a frame is longer than `largestFrame`; the stream is then lost */
  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      const target = this.#frame ?? this.#length;
      const taken = rest.subarray(0, target.length - this.#filled);
      target.set(taken, this.#filled);
      this.#filled += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#filled < target.length) return;
      this.#filled = 0;
      if (this.#frame) this.#end(this.#frame);
      else this.#begin();
    }
  }

  #begin(): void {
    const length = new DataView(this.#length.buffer).getUint32(0, true);
    if (length > largestFrame) {
      throw new RangeError(
        `Cannot read a frame: expected at most ${largestFrame} bytes, found ${length}`,
      );
    }
    this.#frame = new Uint8Array(length);
    if (length === 0) this.#end(this.#frame);
  }

  #end(frame: Uint8Array<ArrayBuffer>): void {
    this.#frame = undefined;
    this.#receive(frame);
  }
}

/** The four bytes that go before a frame of `length` bytes. */
export function lengthPrefix(length: number): Uint8Array {
  const prefix = new Uint8Array(4);
  new DataView(prefix.buffer).setUint32(0, length, true);
  return prefix;
}

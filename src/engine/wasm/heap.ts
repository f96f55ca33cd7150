/** Ranges begin on a multiple of this many bytes: a cache line. */
const alignment = 64;

interface Gap {
  from: number;
  to: number;
}

/** Gives out ranges of an address space, the lowest that fits first, and joins those given back. */
export class Heap {
  readonly #gaps: Gap[];
  readonly #taken = new Map<number, number>();
  #used = 0;

  /** An empty address space from `from` up to `to`. */
  constructor(from: number, to: number) {
    this.#gaps = [{ from: Math.ceil(from / alignment) * alignment, to }];
  }

  /** Bytes given out. */
  get used(): number {
    return this.#used;
  }

  /** The address of a free range of `bytes` bytes, undefined when there is none. */
  take(bytes: number): number | undefined {
    const size = Math.max(1, Math.ceil(bytes / alignment)) * alignment;
    const index = this.#gaps.findIndex((gap) => gap.to - gap.from >= size);
    const gap = this.#gaps[index];
    if (!gap) return undefined;
    const at = gap.from;
    gap.from += size;
    if (gap.from === gap.to) this.#gaps.splice(index, 1);
    this.#taken.set(at, size);
    this.#used += size;
    return at;
  }

  /** Gives the range at `at` back. */
  give(at: number): void {
    const size = this.#taken.get(at);
    if (size === undefined) throw new RangeError(`Cannot free address ${at}: it is not taken`);
    this.#taken.delete(at);
    this.#used -= size;
    const index = this.#gaps.findIndex((gap) => gap.from > at);
    const place = index < 0 ? this.#gaps.length : index;
    const before = this.#gaps[place - 1];
    const after = this.#gaps[place];
    if (before && before.to === at) {
      before.to = at + size;
      if (after && after.from === before.to) {
        before.to = after.to;
        this.#gaps.splice(place, 1);
      }
    } else if (after && after.from === at + size) {
      after.from = at;
    } else {
      this.#gaps.splice(place, 0, { from: at, to: at + size });
    }
  }
}

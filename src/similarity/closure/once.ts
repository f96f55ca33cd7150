/** Makes a thing once for each combination of objects, told apart by identity. */
export class Once<T> {
  readonly #ids = new Map<unknown, number>();
  readonly #made = new Map<string, T>();

  of(keys: readonly unknown[], make: () => T): T {
    const name = keys.map((key) => this.#id(key)).join();
    if (!this.#made.has(name)) this.#made.set(name, make());
    return this.#made.get(name)!;
  }

  #id(key: unknown): number {
    const id = this.#ids.get(key) ?? this.#ids.size;
    this.#ids.set(key, id);
    return id;
  }
}

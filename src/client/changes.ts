/** Values over time, as the runtime iterates them. */
export interface Changes extends Iterator<unknown> {
  next(): IteratorResult<unknown>;
  return(): IteratorResult<unknown>;
}

/**
 * The values that `start` passes to `change`, now and later. Of several between two reads only the newest
 * is given.
 *
 * @param start returns what ends it
 */
export function changes<T>(start: (change: (value: T) => void) => () => void): Changes {
  let newest: { readonly value: T } | undefined;
  let resolve: ((value: T) => void) | undefined;
  const stop = start((value) => {
    if (resolve) resolve(value);
    else newest = { value };
    resolve = undefined;
  });
  return {
    next() {
      const value = newest
        ? Promise.resolve(newest.value)
        : new Promise<T>((settle) => {
            resolve = settle;
          });
      newest = undefined;
      return { done: false, value };
    },
    return() {
      stop();
      return { done: true, value: undefined };
    },
  };
}

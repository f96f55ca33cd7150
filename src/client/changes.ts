/** Values over time, as the runtime iterates them. */
export interface Changes extends Iterator<unknown> {
  next(): IteratorResult<unknown>;
  return(): IteratorResult<unknown>;
}

/**
 * The value that `read` gives, now if `start` says so at once, and each time it says so later. Of several
 * between two reads only the newest is given.
 *
 * @param start is given what to call when the value is a new one; returns what ends it
 */
export function changes<T>(read: () => T, start: (changed: () => void) => () => void): Changes {
  let isStale = false;
  let resolve: ((value: T) => void) | undefined;
  const stop = start(() => {
    if (resolve) resolve(read());
    else isStale = true;
    resolve = undefined;
  });
  return {
    next() {
      const value = isStale
        ? Promise.resolve(read())
        : new Promise<T>((settle) => {
            resolve = settle;
          });
      isStale = false;
      return { done: false, value };
    },
    return() {
      stop();
      return { done: true, value: undefined };
    },
  };
}

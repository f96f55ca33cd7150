/** Why a value that is no longer wanted never comes. Nobody is shown it. */
export class Invalidated extends Error {
  override readonly name = "Invalidated";

  constructor() {
    super("A newer run has taken the place of this one");
  }
}

/**
 * `value`, or a rejection once `invalidation` resolves, whichever is first; for a generator, one whose
 * first step is so. The runtime recomputes a variable only after its last promise has settled: without
 * this, one promise that never settles freezes a cell and all below it for good.
 *
 * A value that is neither promise nor generator is handed back as it is, synchronously.
 */
export function settled(value: unknown, invalidation: Promise<void>): unknown {
  if (!isPromise(value) && !isGenerator(value)) return value;
  const until = interruption(invalidation);
  const generator = (inner: unknown) =>
    isGenerator(inner) ? settledGenerator(inner, until) : inner;
  return isPromise(value) ? until(value.then(generator)) : generator(value);
}

type Interruptible = <T>(promise: Promise<T>) => Promise<T>;

/** Interrupts what is passed to it, one promise at a time, once `invalidation` resolves. */
function interruption(invalidation: Promise<void>): Interruptible {
  let isOver = false;
  let interrupt: ((error: Invalidated) => void) | undefined;
  invalidation.then(
    () => {
      isOver = true;
      interrupt?.(new Invalidated());
    },
    () => {},
  );
  return (promise) =>
    new Promise((resolve, reject) => {
      if (isOver) reject(new Invalidated());
      interrupt = reject;
      promise.then(resolve, reject);
    });
}

type Step = IteratorResult<unknown> | Promise<IteratorResult<unknown>>;

interface AnyGenerator {
  next(value?: unknown): Step;
  return(value?: unknown): Step;
}

/**
 * Only of the first step can anything wait for ever. The later ones are left as they are: one promise more
 * in their way, and the runtime would take a new value a frame later than it could.
 */
function settledGenerator(generator: AnyGenerator, until: Interruptible): AnyGenerator {
  let isFirst = true;
  const stepOf = ({ done, value }: IteratorResult<unknown>): IteratorResult<unknown> => ({
    done: done === true,
    value: isPromise(value) ? until(value) : value,
  });
  return {
    next(value) {
      const step = generator.next(value);
      if (!isFirst) return step;
      isFirst = false;
      return isPromise(step) ? until(step).then(stepOf) : stepOf(step);
    },
    return: (value) => generator.return(value),
  };
}

function isGenerator(value: unknown): value is AnyGenerator {
  return hasMethod(value, "next") && hasMethod(value, "return");
}

function isPromise(value: unknown): value is Promise<unknown> {
  return hasMethod(value, "then");
}

function hasMethod(value: unknown, name: string): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Readonly<Record<string, unknown>>)[name] === "function"
  );
}

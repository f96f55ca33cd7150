import type { SeriesOptions } from "../options.ts";
import type { Series } from "../series.ts";
import type { PartialMatrix } from "./partial-matrix.ts";
import { similarityMatrix } from "./similarity-matrix.ts";

/**
 * The {@link similarityMatrix} as it grows, coarse to fine: every matrix that is there when the next is
 * asked for, the last one whole and the same to the last bit. Errors are those of `similarityMatrix`; who
 * stops asking stops the computation.
 */
export async function* growingMatrix(
  series: Series,
  options: SeriesOptions = {},
): AsyncGenerator<PartialMatrix, void, undefined> {
  const stop = new AbortController();
  const { signal } = options;
  const own = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let newest: PartialMatrix | undefined;
  let wake = () => {};
  const partial = (matrix: PartialMatrix) => {
    newest = matrix;
    wake();
  };
  let over = false;
  const whole = similarityMatrix(series, { ...options, signal: own, partial }).finally(() => {
    over = true;
    wake();
  });
  whole.catch(() => {});
  try {
    for (;;) {
      if (!newest && !over) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (over) break;
      const matrix = newest;
      newest = undefined;
      if (matrix) yield matrix;
    }
    const matrix = await whole;
    yield { ...matrix, complete: Array.from({ length: matrix.shape[0] }, (_, i) => i) };
  } finally {
    stop.abort(new DOMException("The matrix is no longer asked for", "AbortError"));
  }
}

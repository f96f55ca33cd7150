/** Elements from the first to the last of a view, both included; 0 where the view has none. */
export function spanOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((span, size, axis) => span + (size - 1) * strides[axis]!, 1);
}

/** Strides of a row-major tensor: [n·p, p, 1] for [m, n, p]. */
export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((step, size) => step * size, 1));
}

/**
 * The elements of a strided view in row-major order, as bytes: `span` bytes hold the view's elements of
 * `size` bytes each, the first of them first. No copy is made where they lie in order already.
 */
export function contiguous(
  span: Uint8Array,
  size: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array {
  const expected = rowMajor(shape);
  if (shape.every((axis, i) => axis <= 1 || strides[i] === expected[i])) return span;
  const count = shape.reduce((product, axis) => product * axis, 1);
  const out = new Uint8Array(count * size);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to += size) {
    for (let byte = 0; byte < size; byte++) out[to + byte] = span[from + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = strides[axis]! * size;
      if (++index[axis]! < shape[axis]!) {
        from += step;
        break;
      }
      from -= (shape[axis]! - 1) * step;
      index[axis] = 0;
    }
  }
  return out;
}

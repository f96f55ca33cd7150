import { circle, power } from "../tensor/index.ts";

/**
 * Rotary embedding, in place: turns the plane of coordinates (i, i + width/2) of a vector [width] by the angle
 * position · base^(−2i/width), for i = 0 … width/2 − 1.
 *
 * @param data - holds the vector at `start`, `start + stride`, …
 * @param width - entries of the vector, even
 */
export function rotate(
  data: Float64Array,
  { start, stride, width }: { start: number; stride: number; width: number },
  position: number,
  base: number,
): void {
  const half = width / 2;
  for (let i = 0; i < half; i++) {
    const [cos, sin] = circle(position * power(base, (-2 * i) / width));
    const at = start + i * stride;
    const other = at + half * stride;
    const [x, y] = [data[at]!, data[other]!];
    data[at] = x * cos - y * sin;
    data[other] = y * cos + x * sin;
  }
}

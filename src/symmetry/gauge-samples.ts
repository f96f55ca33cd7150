import { circle, identity, type Matrix, matrix, power, Random } from "../tensor/index.ts";

/**
 * A random change of coordinates [size, size], I + spread · N / √size, N of independent normal entries: far from
 * singular for a spread below 0.5.
 *
 * @param spread - default 0.3
 */
export function randomGauge(size: number, seed: number, spread: number = 0.3): Matrix {
  const random = new Random(seed);
  const scale = spread / Math.sqrt(size);
  const gauge = identity(size);
  return matrix(
    size,
    size,
    gauge.data.map((entry) => entry + scale * random.normal()),
  );
}

/**
 * A random matrix [width, width] that commutes with every rotary embedding of this width: in each plane (i, i + width/2)
 * a rotation by an angle uniform on the circle, times e^(spread · n), n ~ N(0, 1).
 *
 * @param width - even
 * @param spread - default 0.3
 */
export function randomRotaryGauge(width: number, seed: number, spread: number = 0.3): Matrix {
  const random = new Random(seed);
  const half = width / 2;
  const gauge = matrix(width, width);
  for (let i = 0; i < half; i++) {
    const factor = power(Math.E, spread * random.normal());
    const [cos, sin] = circle(2 * Math.PI * random.uniform()).map((entry) => factor * entry) as [
      number,
      number,
    ];
    const other = i + half;
    gauge.data[i * width + i] = cos;
    gauge.data[i * width + other] = -sin;
    gauge.data[other * width + i] = sin;
    gauge.data[other * width + other] = cos;
  }
  return gauge;
}

/** π/2 in three parts: the first two have 33 significant bits, so their multiples below 2²⁰ are exact. */
const quarters = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const;

/**
 * The point of the unit circle at an angle, (cos x, sin x), each within a unit or two of its last place for
 * |x| below a million; further out the last digits of the angle are lost. `Math.cos` is left to each
 * JavaScript engine, so a rotation computed with it would differ between a page and Node: this one uses
 * IEEE arithmetic only. With k = round(2x/π) and r = x − kπ/2, |r| ≤ π/4 leaves nine terms of either
 * series, and k says which quarter of the circle.
 */
export function circle(x: number): readonly [cosine: number, sine: number] {
  const k = Math.round(x / (Math.PI / 2));
  const r = x - k * quarters[0] - k * quarters[1] - k * quarters[2];
  const square = r * r;
  let [cosine, sine] = [1, 1];
  for (let n = 18; n >= 2; n -= 2) {
    cosine = 1 - (cosine * square) / (n * (n - 1));
    sine = 1 - (sine * square) / (n * (n + 1));
  }
  sine *= r;
  switch (((k % 4) + 4) % 4) {
    case 0:
      return [cosine, sine];
    case 1:
      return [-sine, cosine];
    case 2:
      return [-cosine, -sine];
    default:
      return [sine, -cosine];
  }
}

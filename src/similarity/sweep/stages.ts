/**
 * The indices from 0 to n − 1 coarse to fine: every 2^k-th and the last, then every 2^(k−1)-th and the
 * last, … and all; ascending, each list with the one before in it.
 */
export function stagesOf(n: number): readonly (readonly number[])[] {
  const stages: number[][] = [];
  const coarsest = 2 ** Math.floor(Math.log2(Math.max(1, n - 1)));
  for (let stride = coarsest; stride >= 1; stride /= 2) {
    const stage: number[] = [];
    for (let i = 0; i < n - 1; i += stride) stage.push(i);
    stages.push([...stage, n - 1]);
  }
  return stages;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eigenpairs, singularValues } from "../../src/analysis/decomposition.ts";
import { matrix, product, transpose } from "../../src/tensor/index.ts";
import { matrices } from "../support/networks.ts";

describe("decompositions", () => {
  test("eigenvalues of whole numbers: sums are the trace and the squared norm", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }).chain((n) => matrices(n, n)),
        (a) => {
          const gram = product(a, transpose(a));
          const { values } = eigenpairs(gram);
          const trace = values.reduce((sum, value) => sum + value, 0);
          expect(trace).toBeCloseTo(
            Float64Array.from(a.data).reduce((sum, entry) => sum + entry * entry, 0),
            9,
          );
          const roots = Array.from(values, (value) => Math.sqrt(Math.max(value, 0)));
          for (const [k, value] of singularValues(a).entries()) {
            expect(value).toBeCloseTo(roots[k]!, 5);
          }
        },
      ),
    );
  });

  test("singular values of a wide and of a tall matrix are the same", () => {
    const wide = matrix(2, 3, [3, 0, 0, 0, 4, 0]);
    for (const one of [wide, transpose(wide)]) {
      expect([...singularValues(one)]).toEqual([4, 3].map((value) => expect.closeTo(value, 14)));
    }
  });
});

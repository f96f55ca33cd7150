import fc from "fast-check";
import { expect, test } from "vitest";
import { chainOf, outputs, type StandardForm, standardForm } from "../../src/model/index.ts";
import { identity, type Matrix, matrix, product, transpose } from "../../src/tensor/index.ts";
import { attention, matrices, monomial, networks, numbers } from "../support/networks.ts";

const kinds = ["linear", "linear", "bilinear", "linear"] as const;

test("standardForm(network) is the same polynomial as the network, biases and residual included", () => {
  fc.assert(
    fc.property(networks(kinds, 2, 2), matrices(4, 2), (network, inputs) => {
      expect(evaluated(standardForm(network), inputs)).toEqual([...outputs(network, inputs).data]);
    }),
  );
});

test("standardForm(network) keeps a residual of the bilinear layer", () => {
  fc.assert(
    fc.property(networks(["bilinear"], 2, 2), matrices(4, 2), (network, inputs) => {
      expect(evaluated(standardForm(network), inputs)).toEqual([...outputs(network, inputs).data]);
    }),
  );
});

test("standardForm(network, {mean, factor}) is the polynomial of w at x = mean + factor·w", () => {
  fc.assert(
    fc.property(
      networks(kinds, 2, 1),
      numbers(2),
      matrices(2, 3),
      matrices(4, 3),
      (network, mean, factor, w) => {
        const x = product(w, transpose(factor));
        for (let i = 0; i < x.data.length; i++) x.data[i]! += mean[i % 2]!;
        const found = evaluated(standardForm(network, { mean, factor }), w);
        expect(found).toEqual([...outputs(network, x).data]);
      },
    ),
  );
});

test.for([
  { layers: [{ kind: "linear" as const, weight: identity(2) }], found: 0 },
  { layers: [...monomial(0, 1).layers, ...randomSecond()], found: 2 },
])("standardForm throws for $found bilinear layers", ({ layers, found }) => {
  expect(() => standardForm({ layers })).toThrow(
    `Cannot write a network in standard form: expected 1 bilinear layer, found ${found}`,
  );
});

test("standardForm and chainOf refuse attention", () => {
  fc.assert(
    fc.property(attention(2, 2), (layer) => {
      const network = { layers: [layer], nContext: 2 };
      expect(() => standardForm(network)).toThrow(
        "Cannot write a network in standard form: expected no attention layer, found one",
      );
      for (const padded of [true, false]) {
        expect(() => chainOf(network, { padded, lead: false, head: false })).toThrow(
          "Cannot write a network as a chain: expected linear and bilinear layers, found attention",
        );
      }
    }),
  );
});

function randomSecond() {
  const one = matrix(1, 1, [1]);
  return [{ kind: "bilinear" as const, left: one, right: one, down: one }];
}

/** f at each row of inputs, straight from the definition. The sum of +0 turns −0 into 0 for toEqual. */
function evaluated(form: StandardForm, inputs: Matrix): number[] {
  const [dOut, hidden] = form.down.shape;
  const [rows, dIn] = inputs.shape;
  const values: number[] = [];
  for (let n = 0; n < rows; n++) {
    const dot = (a: Matrix, row: number) => {
      let sum = 0;
      for (let i = 0; i < dIn; i++) sum += a.data[row * dIn + i]! * inputs.data[n * dIn + i]!;
      return sum;
    };
    for (let o = 0; o < dOut; o++) {
      let value = form.constant[o]! + dot(form.linear, o);
      for (let h = 0; h < hidden; h++) {
        value += form.down.data[o * hidden + h]! * dot(form.left, h) * dot(form.right, h);
      }
      values.push(value + 0);
    }
  }
  return values;
}

import type { Matrix } from "../../tensor/index.ts";
import { bytesOf, diagonalOf } from "../closure/arithmetic.ts";
import type { Comparison } from "../comparison.ts";
import type { Products } from "../sweep/product-pairing.ts";
import { orthonormal, polynomialOf, topTensor } from "./polynomial.ts";
import { type TwoLayerForm, twoLayerForm } from "./two-layer-form.ts";
import { gaussianSlices, symmetricSlices } from "./two-layer-product.ts";

/** Exact products of networks of two bilinear layers, through their units. */
export function twoLayerProducts({ rule, substitution }: Comparison): Products<TwoLayerForm> {
  return {
    prepared: (network, arithmetic) => twoLayerForm(network, substitution, arithmetic),
    slices: rule.metric === "exact symmetric" ? symmetricSlices : gaussianSlices,
    bytes: ({ basis, left, right, of, linear, forms, flat, down, order1, order2 }) =>
      bytesOf([basis, left, right, of, linear, down, order1, order2]) +
      (forms?.bytes ?? 0) +
      (flat?.bytes ?? 0),
    release({ forms, flat }) {
      forms?.release();
      flat?.release();
    },
  };
}

/** Exact products of networks of any depth and few inputs, through all their coefficients. */
export function polynomialProducts({ rule, substitution }: Comparison): Products<Matrix> {
  return {
    async prepared(network, arithmetic) {
      const { monomials, coefficients } = await polynomialOf(network, substitution, arithmetic);
      return rule.metric === "exact symmetric"
        ? topTensor(monomials, coefficients)
        : orthonormal(monomials, coefficients);
    },
    slices: async (a, b) => (await diagonalOf(a, b)).data as Float64Array,
    bytes: (table) => bytesOf([table]),
  };
}

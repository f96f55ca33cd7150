import type { Network } from "../../model/index.ts";
import { matrix, type Random } from "../../tensor/index.ts";
import { randomGauge } from "../gauge-samples.ts";
import { mixUnits, shearUnits } from "../mix-units.ts";
import type { NewUnit } from "../new-unit.ts";
import { addNullPair } from "../null-pair.ts";
import { addNullUnit } from "../null-unit.ts";
import { parallelUnits } from "../parallel-units.ts";
import { permuteHidden } from "../permute.ts";
import { addRegroupedNull, regroupable } from "../regroup/regrouped-null.ts";
import { rescaleHidden } from "../rescale.ts";
import { randomMask, randomPermutation, randomScales } from "../samples.ts";
import { splitSquares } from "../split-squares.ts";
import { swapSides } from "../swap-sides.ts";
import { bilinearAt, layersOf, like, placed, type Symmetry } from "./symmetry.ts";

const needs = "a bilinear layer";
const hiddenAt = (network: Network, place: number) => bilinearAt(network, place).left.shape[0];
const parallel = {
  needs: "a bilinear layer with two hidden units whose down vectors are parallel",
  keepsShapes: true,
  places: layersOf("bilinear", (layer) => parallelUnits(layer).length > 0),
};

/** Those of hidden units. */
export const bilinearFamilies: readonly Symmetry[] = [
  placed({
    family: "S1",
    name: "permuteHidden",
    change: "hidden units of bilinear layers in another order",
    needs,
    keepsShapes: true,
    places: layersOf("bilinear"),
    at: (network, place, random) =>
      permuteHidden(network, randomPermutation(hiddenAt(network, place), random.bits()), place),
  }),
  placed({
    family: "S2",
    name: "rescaleHidden",
    change: "either side of each hidden unit times a factor, its outputs over both",
    needs,
    keepsShapes: true,
    places: layersOf("bilinear"),
    at: (network, place, random) =>
      rescaleHidden(network, randomScales(hiddenAt(network, place), random.bits()), place),
  }),
  placed({
    family: "S3",
    name: "swapSides",
    change: "left and right exchanged in some hidden units",
    needs,
    keepsShapes: true,
    places: layersOf("bilinear"),
    at: (network, place, random) =>
      swapSides(network, randomMask(hiddenAt(network, place), random.bits()), place),
  }),
  placed({
    family: "S4",
    name: "addNullUnit",
    change: "one more hidden unit that is 0 or writes 0",
    needs,
    keepsShapes: false,
    places: layersOf("bilinear"),
    at: (network, place, random) => {
      const unit = randomUnit(network, place, random);
      const zero = (["left", "right", "down"] as const)[random.integer(3)]!;
      const dead = { ...unit, [zero]: unit[zero].map(() => 0), [`${zero}Bias`]: 0 };
      return addNullUnit(network, dead, place);
    },
  }),
  placed({
    family: "S4",
    name: "addNullPair",
    change: "two more hidden units that cancel",
    needs,
    keepsShapes: false,
    places: layersOf("bilinear"),
    at: (network, place, random) => addNullPair(network, randomUnit(network, place, random), place),
  }),
  placed({
    family: "S5",
    name: "splitSquares",
    change: "each hidden unit written as a difference of two squares",
    needs,
    keepsShapes: false,
    places: layersOf("bilinear"),
    at: (network, place) => splitSquares(network, place),
  }),
  placed({
    family: "S5",
    name: "mixUnits",
    change:
      "hidden units of one output direction mixed, left by A and right by its inverse transpose",
    ...parallel,
    at: (network, place, random) =>
      parallelUnits(bilinearAt(network, place)).reduce(
        (changed, group) =>
          mixUnits(changed, group, randomGauge(group.length, random.bits()), place),
        network,
      ),
  }),
  placed({
    family: "S5",
    name: "shearUnits",
    change:
      "right sides of hidden units of one output direction added to left sides, antisymmetrically",
    ...parallel,
    at: (network, place, random) =>
      parallelUnits(bilinearAt(network, place)).reduce((changed, group) => {
        const count = group.length;
        const entries = Float64Array.from({ length: count ** 2 }, () => random.normal());
        return shearUnits(changed, group, matrix(count, count, entries), place);
      }, network),
  }),
  placed({
    family: "S6",
    name: "addRegroupedNull",
    change: "a product of four that cancels, its factors grouped in two ways over two layers",
    needs: "two bilinear layers in a row, neither with a residual",
    keepsShapes: false,
    places: regroupable,
    at: (network, place, random) => {
      const inner = bilinearAt(network, place);
      const follower = network.layers.findIndex(({ kind }, k) => k > place && kind === "bilinear");
      const outer = bilinearAt(network, follower);
      const factor = () => like(inner.left.data, inner.left.shape[1], random);
      const down = like(outer.down.data, outer.down.shape[0], random);
      const factors = [factor(), factor(), factor(), factor()] as const;
      return addRegroupedNull(network, { factors, down }, place);
    },
  }),
];

function randomUnit(
  network: Network,
  place: number,
  random: Random,
): NewUnit & Record<"left" | "right" | "down", Float64Array> {
  const { left, right, down, leftBias, rightBias } = bilinearAt(network, place);
  const bias =
    leftBias || rightBias ? { leftBias: random.normal(), rightBias: random.normal() } : {};
  return {
    left: like(left.data, left.shape[1], random),
    right: like(right.data, right.shape[1], random),
    down: like(down.data, down.shape[0], random),
    ...bias,
  };
}

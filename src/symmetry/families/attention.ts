import type { AttentionLayer, Network } from "../../model/index.ts";
import { type Matrix, matrix, type Numbers, type Random } from "../../tensor/index.ts";
import { randomGauge, randomRotaryGauge } from "../gauge-samples.ts";
import { addDeadHead, hasDeadDirections, rewriteDeadHeads } from "../heads/dead-heads.ts";
import { gaugeScores, seesDistance } from "../heads/gauge-scores.ts";
import { gaugeValues } from "../heads/gauge-values.ts";
import { type Head, headsOf, headWidth, type Leg } from "../heads/heads.ts";
import { permuteHeads } from "../heads/permute.ts";
import { rescaleScores } from "../heads/rescale-scores.ts";
import { swapQueryKey, swapScores } from "../heads/swap-scores.ts";
import { randomMask, randomPermutation, randomScales } from "../samples.ts";
import { layersOf, like, placed, type Symmetry } from "./symmetry.ts";

const needs = "an attention layer";
const attentionAt = ({ layers }: Network, place: number) => layers[place] as AttentionLayer;

/** Those of the heads of attention. */
export const attentionFamilies: readonly Symmetry[] = [
  placed({
    family: "S9",
    name: "permuteHeads",
    change: "heads of attention in another order",
    needs: "an attention layer of two heads",
    keepsShapes: true,
    places: layersOf("attention", ({ heads }) => heads > 1),
    at: (network, place, random) => {
      const { heads } = attentionAt(network, place);
      return permuteHeads(network, randomPermutation(heads, random.bits()), place);
    },
  }),
  placed({
    family: "S10",
    name: "gaugeValues",
    change: "the values of each head in other coordinates",
    needs,
    keepsShapes: true,
    places: layersOf("attention"),
    at: (network, place, random) => {
      const layer = attentionAt(network, place);
      const gauges = eachHead(layer, () => randomGauge(headWidth(layer), random.bits()));
      return gaugeValues(network, gauges, place);
    },
  }),
  placed({
    family: "S11",
    name: "gaugeScores",
    change: "queries and keys of each score in other coordinates, which rotations allow",
    needs,
    keepsShapes: true,
    places: layersOf("attention"),
    at: (network, place, random) => {
      const layer = attentionAt(network, place);
      const turns = layer.rotaryBase !== undefined && seesDistance(layer, network);
      const gauge = (): Matrix =>
        (turns ? randomRotaryGauge : randomGauge)(headWidth(layer), random.bits());
      return gaugeScores(
        network,
        eachHead(layer, () => [gauge(), gauge()] as const),
        place,
      );
    },
  }),
  placed({
    family: "S12",
    name: "swapScores",
    change: "the two scores exchanged in some heads",
    needs,
    keepsShapes: true,
    places: layersOf("attention"),
    at: (network, place, random) =>
      swapScores(network, randomMask(attentionAt(network, place).heads, random.bits()), place),
  }),
  placed({
    family: "S12",
    name: "rescaleScores",
    change: "queries and keys of each head times factors, its output over all of them",
    needs,
    keepsShapes: true,
    places: layersOf("attention"),
    at: (network, place, random) => {
      const scales = eachHead(attentionAt(network, place), () => {
        const { left, right } = randomScales(2, random.bits(), 0.5);
        return { query1: left[0]!, key1: right[0]!, query2: left[1]!, key2: right[1]! };
      });
      return rescaleScores(network, scales, place);
    },
  }),
  placed({
    family: "S13",
    name: "addDeadHead",
    change: "one more head, whose values or output are 0",
    needs,
    keepsShapes: false,
    places: layersOf("attention"),
    at: (network, place, random) =>
      addDeadHead(network, randomDeadHead(attentionAt(network, place), random), place),
  }),
  placed({
    family: "S13",
    name: "rewriteDeadHeads",
    change: "other weights wherever a head leads nowhere",
    needs: "an attention layer with a zero row in its values or a zero column in its output",
    keepsShapes: true,
    places: layersOf("attention", (layer) => headsOf(layer).some(hasDeadDirections)),
    at: (network, place, random) => rewriteDeadHeads(network, random.bits(), place),
  }),
  placed({
    family: "diagonal",
    name: "swapQueryKey",
    change: "query and key exchanged in some scores",
    needs: "an attention layer with a diagonal mask, or of one position",
    keepsShapes: true,
    places: layersOf("attention", (layer, network) => !seesDistance(layer, network)),
    at: (network, place, random) => {
      const { heads } = attentionAt(network, place);
      const mask = () => randomMask(heads, random.bits());
      return swapQueryKey(network, [mask(), mask()], place);
    },
  }),
];

function eachHead<Entry>({ heads }: AttentionLayer, entry: () => Entry): Entry[] {
  return Array.from({ length: heads }, entry);
}

/** A head like the others, its values or its output 0. */
function randomDeadHead(layer: AttentionLayer, random: Random): Head {
  const copyLike = ({ shape, data }: Matrix): Matrix =>
    matrix(...shape, like(data, data.length, random));
  const biases = layer.query1Bias ?? layer.key1Bias ?? layer.query2Bias ?? layer.key2Bias;
  const leg = ({ weight }: Leg): Leg => ({
    weight: copyLike(weight),
    bias: biases ? like(biases, weight.shape[0], random) : zeros(weight.shape[0]),
  });
  const [{ scores, value, output }] = headsOf(layer) as [Head];
  const silent = random.uniform() < 0.5;
  return {
    scores: [
      { query: leg(scores[0].query), key: leg(scores[0].key) },
      { query: leg(scores[1].query), key: leg(scores[1].key) },
    ],
    value: silent ? matrix(...value.shape) : copyLike(value),
    output: silent ? copyLike(output) : matrix(...output.shape),
  };
}

function zeros(length: number): Numbers {
  return new Float64Array(length);
}

import type { SettingName } from "./settings.ts";

/** What may stand under a key of a description. */
export type Value =
  | "text"
  | "names"
  | "flag"
  | "axis"
  | "texts"
  | "settings"
  | "layers"
  | "packed"
  | { readonly settings: readonly SettingName[] };

interface Shape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** Keys of each kind of object in a description: what must be there and what may be. */
export const grammar: Readonly<Record<string, Shape>> = {
  adapter: {
    required: ["name", "layers"],
    optional: ["summary", "prefix", "ignore", "nContext", "settings"],
  },
  "adapter like another": { required: ["name", "like"], optional: ["summary", "settings"] },
  repeat: { required: ["repeat"], optional: [] },
  linear: { required: ["kind", "weight"], optional: ["bias", "transpose", "optional", "tied"] },
  bilinear: {
    required: ["kind", "left", "right", "down"],
    optional: ["leftBias", "rightBias", "downBias", "transpose", "residual", "gain", "optional"],
  },
  "packed bilinear": {
    required: ["kind", "packed", "down"],
    optional: ["downBias", "transpose", "residual", "gain", "optional"],
  },
  "packed pair": { required: ["tensor"], optional: ["axis", "bias"] },
  attention: {
    required: ["kind", "query1", "key1", "query2", "key2", "value", "output"],
    optional: [
      ...["query1Bias", "key1Bias", "query2Bias", "key2Bias"],
      ...["heads", "mask", "rotaryBase", "residual", "gain", "transpose"],
    ],
  },
  "quadratic attention": {
    required: ["kind", "query", "key", "value", "output"],
    optional: [
      ...["queryBias", "keyBias"],
      ...["heads", "mask", "rotaryBase", "residual", "gain", "transpose"],
    ],
  },
};

const named = (
  "weight bias left right down leftBias rightBias downBias tensor tied query key query1 key1 query2 " +
  "key2 queryBias keyBias query1Bias key1Bias query2Bias key2Bias value output"
).split(" ");

/** What stands under each key, wherever the key occurs. */
export const values: Readonly<Record<string, Value>> = {
  ...Object.fromEntries(named.map((key) => [key, "names"])),
  name: "text",
  summary: "text",
  prefix: "text",
  like: "text",
  kind: "text",
  transpose: "flag",
  optional: "flag",
  axis: "axis",
  ignore: "texts",
  settings: "settings",
  layers: "layers",
  repeat: "layers",
  packed: "packed",
  heads: { settings: ["heads"] },
  nContext: { settings: ["nContext"] },
  mask: { settings: ["mask"] },
  rotaryBase: { settings: ["rotaryBase"] },
  residual: { settings: ["residual", "mlpResidual"] },
  gain: { settings: ["gain", "mlpGain"] },
};

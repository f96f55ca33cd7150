import { describe, expect, test } from "vitest";
import {
  AdapterError,
  adapterNamed,
  checkSettings,
  fitAdapter,
  networkFrom,
  readSettings,
  type Settings,
  settingNames,
  userAdapter,
} from "../../../src/model/index.ts";
import { numbered, type Shapes } from "../../support/weights.ts";

const shapes: Shapes = {
  "layers.0.q": [4, 4],
  "layers.0.k": [4, 4],
  "layers.0.v": [4, 4],
  "layers.0.o": [4, 4],
  embed: [5, 4],
  head: [5, 4],
};
const adapter = adapterNamed("quadratic-transformer");
const all: Settings = {
  heads: 2,
  nContext: 3,
  mask: "causal",
  rotaryBase: "none",
  residual: 0,
  gain: 1,
};
const others = (...names: (keyof Settings)[]): Settings =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name as "heads")));

describe("metadata of a checkpoint gives settings", () => {
  test.for<[keyof Settings, string, string, unknown]>([
    ["heads", "heads", "2", 2],
    ["heads", "config.n_head", "2", 2],
    ["heads", "model.num_attention_heads", " 2 ", 2],
    ["nContext", "hparams.n_ctx", "16", 16],
    ["nContext", "block-size", "16", 16],
    ["mask", "attention.mask", "Diag", "diag"],
    ["rotaryBase", "rope_theta", "1e4", 10000],
    ["rotaryBase", "rotaryBase", "None", "none"],
    ["rotaryBase", "rope_base", "null", "none"],
    ["residual", "residual", "interpolation", "interpolation"],
    ["residual", "residual", "0.5", 0.5],
    ["gain", "attn_scale", "0.35", 0.35],
  ])("%s by %s = %s", ([setting, key, text, value]) => {
    const fit = fitAdapter(numbered(shapes, { [key]: text }), adapter, others(setting));
    expect(fit.fits).toBe(true);
    expect(fit.settings).toContainEqual({ setting, value, from: "checkpoint" });
  });

  test.for<[keyof Settings, string, string]>([
    ["heads", "heads", "two"],
    ["heads", "heads", "0"],
    ["heads", "heads", ""],
    ["heads", "headset", "2"],
    ["residual", "residual", "True"],
    ["rotaryBase", "rope_theta", "0"],
  ])("but %s not by %s = %j", ([setting, key, text]) => {
    const fit = fitAdapter(numbered(shapes, { [key]: text }), adapter, others(setting));
    expect(fit).toMatchObject({ fits: false, lacking: [setting] });
  });

  test("unless it gives several", () => {
    const metadata = { n_head: "2", "config.num_heads": "4", "config.heads": "4" };
    expect(() => networkFrom(numbered(shapes, metadata), adapter, others("heads"))).toThrow(
      'adapter "quadratic-transformer" does not fit: heads: expected one value, found 2 (n_head) and 4 (config.num_heads, config.heads) in the checkpoint',
    );
    expect(networkFrom(numbered(shapes, metadata), adapter, all).layers[1]).toHaveProperty(
      "heads",
      2,
    );
  });
});

test("a call goes before the adapter, the adapter before the checkpoint", () => {
  const mine = userAdapter({
    name: "mine",
    like: "quadratic-transformer",
    settings: { ...others("gain"), heads: 4 },
  });
  const weights = numbered(shapes, { heads: "2", gain: "3", n_ctx: "9" });
  expect(fitAdapter(weights, mine, { heads: 1 }).settings).toEqual(
    expect.arrayContaining([
      { setting: "heads", value: 1, from: "settings" },
      { setting: "nContext", value: 3, from: "adapter" },
      { setting: "gain", value: 3, from: "checkpoint" },
    ]),
  );
  expect(networkFrom(weights, mine, { heads: 1 })).toMatchObject({
    nContext: 3,
    layers: [{ kind: "linear" }, { heads: 1, gain: 3 }, { kind: "linear" }],
  });
});

test("settings that nobody gives are named in one order, whatever the adapter asks first", () => {
  const fit = fitAdapter(numbered(shapes), adapter);
  expect(fit.lacking).toEqual(["heads", "nContext", "mask", "rotaryBase", "residual", "gain"]);
  expect(settingNames.filter((name) => fit.lacking.includes(name))).toEqual(fit.lacking);
});

test.for<[unknown, string]>([
  [
    { head: 2 },
    'Cannot use settings: expected some of heads, nContext, mask, rotaryBase, residual, gain, mlpResidual, mlpGain, tied, found "head"',
  ],
  [{ heads: 0 }, "Cannot use settings.heads: expected a whole number of at least 1, found 0"],
  [{ heads: "2" }, 'Cannot use settings.heads: expected a whole number of at least 1, found "2"'],
  [
    { nContext: 1.5 },
    "Cannot use settings.nContext: expected a whole number of at least 1, found 1.5",
  ],
  [{ mask: "full" }, 'Cannot use settings.mask: expected "causal", "none" or "diag", found "full"'],
  [
    { rotaryBase: -1 },
    'Cannot use settings.rotaryBase: expected a number above 0 or "none", found -1',
  ],
  [
    { residual: Number.NaN },
    'Cannot use settings.residual: expected a finite number, "additive", "interpolation" or "none", found null',
  ],
  [{ gain: "1" }, 'Cannot use settings.gain: expected a finite number, found "1"'],
  [{ tied: 1 }, "Cannot use settings.tied: expected true or false, found 1"],
  [[], "Cannot use settings: expected an object, found []"],
  [null, "Cannot use settings: expected an object, found null"],
  [{ toString: 1 }, 'found "toString"'],
])("checkSettings(%j) says %s", ([settings, message]) => {
  const check = (): void => checkSettings(settings as Settings);
  expect(check).toThrow(AdapterError);
  expect(check).toThrow(message);
  expect(() => networkFrom(numbered(shapes), undefined, settings as Settings)).toThrow(message);
});

test("readSettings takes JSON, and nothing for none", () => {
  expect(readSettings(' {"heads": 2, "residual": "additive"}\n')).toEqual({
    heads: 2,
    residual: "additive",
  });
  expect(readSettings("  ")).toEqual({});
  const refused = (text: string) => () => readSettings(text);
  expect(refused("heads: 2")).toThrow(AdapterError);
  expect(refused("heads: 2")).toThrow(
    'Cannot use settings: expected JSON such as {"heads": 8}, found heads: 2: ',
  );
  expect(refused("[]")).toThrow("Cannot use settings: expected an object, found []");
  expect(refused('{"head": 2}')).toThrow("Cannot use settings: expected some of heads, ");
});

test("checkSettings lets everything pass that settings can be, and what is undefined", () => {
  checkSettings({ ...all, tied: false, mlpGain: -1, mlpResidual: "none", gain: undefined });
});

import type { Mask } from "../network.ts";
import { AdapterError } from "./adapter-error.ts";

/** Share of a layer's input added to its output: a number, or 1, 1 − gain or 0 by the name of the convention. */
export type Residual = number | "additive" | "interpolation" | "none";

/** What a network is besides its tensors, by name. */
export interface Settings {
  /** Number of attention heads. */
  readonly heads?: number | undefined;
  /** Positions of an input. */
  readonly nContext?: number | undefined;
  /** Which keys a query of attention looks at. */
  readonly mask?: Mask | undefined;
  /** Base of the rotary embedding of attention, or `"none"` where there is none. */
  readonly rotaryBase?: number | "none" | undefined;
  /** Residual of attention, and of every layer that asks for it. */
  readonly residual?: Residual | undefined;
  /** Factor of what attention writes, and of every branch that asks for it. */
  readonly gain?: number | undefined;
  /** Residual of the bilinear layers beside attention. */
  readonly mlpResidual?: Residual | undefined;
  /** Gain of the bilinear layers beside attention. */
  readonly mlpGain?: number | undefined;
  /** Whether a head that is not in the checkpoint is the embedding, transposed. */
  readonly tied?: boolean | undefined;
}

/** Name of a setting. */
export type SettingName = keyof Settings;

/** A value, or the setting it is taken from. */
export type Given<Name extends SettingName> =
  | NonNullable<Settings[Name]>
  | { readonly setting: Name };

interface Kind {
  /** What it is, for messages. */
  readonly meaning: string;
  readonly expected: string;
  allows(value: unknown): boolean;
  /** How checkpoints call it in their metadata: last part of the key, without "_", "-" and capitals. */
  readonly keys: readonly string[];
  readonly example: number | string | boolean;
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const oneOf =
  (...values: readonly string[]) =>
  (value: unknown): boolean =>
    values.includes(value as string);
const conventions = oneOf("additive", "interpolation", "none");
const residual = {
  expected: 'a finite number, "additive", "interpolation" or "none"',
  allows: (value: unknown): boolean => Number.isFinite(value) || conventions(value),
  example: "additive",
};
const gain = { expected: "a finite number", allows: Number.isFinite, example: 1 };

const kinds: Readonly<Record<SettingName, Kind>> = {
  heads: {
    meaning: "number of heads",
    expected: "a whole number of at least 1",
    allows: isCount,
    keys: ["heads", "nhead", "nheads", "numheads", "numattentionheads"],
    example: 8,
  },
  nContext: {
    meaning: "positions of an input",
    expected: "a whole number of at least 1",
    allows: isCount,
    keys: ["ncontext", "nctx", "contextlength", "blocksize"],
    example: 16,
  },
  mask: {
    meaning: "keys a query looks at",
    expected: '"causal", "none" or "diag"',
    allows: oneOf("causal", "none", "diag"),
    keys: ["mask"],
    example: "causal",
  },
  rotaryBase: {
    meaning: "base of the rotary embedding",
    expected: 'a number above 0 or "none"',
    allows: (value) => value === "none" || (Number.isFinite(value) && (value as number) > 0),
    keys: ["rotarybase", "ropebase", "ropetheta"],
    example: 10000,
  },
  residual: { ...residual, meaning: "share of the input added to the output", keys: ["residual"] },
  gain: { ...gain, meaning: "factor of what attention writes", keys: ["gain", "attnscale"] },
  mlpResidual: { ...residual, meaning: "residual of the bilinear layers", keys: ["mlpresidual"] },
  mlpGain: { ...gain, meaning: "gain of the bilinear layers", keys: ["mlpgain", "mlpscale"] },
  tied: {
    meaning: "whether the head is the embedding transposed",
    expected: "true or false",
    allows: (value) => typeof value === "boolean",
    keys: ["tied", "tiewordembeddings", "tieembeddings"],
    example: true,
  },
};

/** The names of all settings. */
export const settingNames: readonly SettingName[] = Object.keys(kinds) as SettingName[];

/** The settings of those names as JSON, for messages. */
export function exampleOf(names: readonly SettingName[]): string {
  const entries = names.map((name) => `"${name}": ${JSON.stringify(kinds[name].example)}`);
  return `{${entries.join(", ")}}`;
}

/** Name and meaning, for messages. */
export function explained(name: SettingName): string {
  return `${name} (${kinds[name].meaning})`;
}

/** What would be right for a setting, or undefined when `value` is. */
export function objection(name: SettingName, value: unknown): string | undefined {
  return kinds[name].allows(value) ? undefined : kinds[name].expected;
}

/**
 * @param place - what messages call the settings
 * @throws {AdapterError} naming a setting that there is none of, or a value that it cannot have
 */
export function checkSettings(settings: Settings, place = "settings"): void {
  const refuse = (where: string, expected: string, found: unknown): never => {
    throw new AdapterError(
      `Cannot use ${where}: expected ${expected}, found ${JSON.stringify(found) ?? typeof found}`,
    );
  };
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) {
    refuse(place, "an object", settings);
  }
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(kinds, name)) refuse(place, `some of ${settingNames.join(", ")}`, name);
    const expected = objection(name as SettingName, value);
    if (expected !== undefined) refuse(`${place}.${name}`, expected, value);
  }
}

/**
 * Settings that a person wrote as JSON; none for a blank text.
 *
 * @throws {AdapterError} when the text is no JSON, and as `checkSettings`
 */
export function readSettings(text: string): Settings {
  if (text.trim() === "") return {};
  let settings: Settings;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    throw new AdapterError(
      `Cannot use settings: expected JSON such as {"heads": 8}, found ${text.slice(0, 60)}: ${(error as Error).message}`,
    );
  }
  checkSettings(settings);
  return settings;
}

/** What a checkpoint's own text says of a setting, each value with the keys that say it. */
export function recorded(
  name: SettingName,
  metadata: Readonly<Record<string, string>>,
): ReadonlyMap<unknown, readonly string[]> {
  const { keys, allows } = kinds[name];
  const said = new Map<unknown, string[]>();
  for (const [key, text] of Object.entries(metadata)) {
    const last = key.slice(key.lastIndexOf(".") + 1);
    if (!keys.includes(last.replaceAll(/[_-]/g, "").toLowerCase())) continue;
    const value = meantBy(text);
    if (allows(value)) said.set(value, [...(said.get(value) ?? []), key]);
  }
  return said;
}

/** Text as the value it is of: a number, true, false, "none", else itself. */
function meantBy(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed !== "" && Number.isFinite(Number(trimmed))) return Number(trimmed);
  const lower = trimmed.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  return lower === "null" ? "none" : lower;
}

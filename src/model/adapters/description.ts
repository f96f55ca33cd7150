import type { Adapter } from "./adapter.ts";
import { AdapterError } from "./adapter-error.ts";
import { adapters } from "./builtin.ts";
import { grammar, type Value, values } from "./grammar.ts";
import { checkSettings, objection, type SettingName, type Settings } from "./settings.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * An adapter from a description a person wrote: a JSON text, or the value of one. Everything is checked;
 * the result is a copy. `{name, like, settings}` is one of Simile's adapters with settings of one's own.
 *
 * @param source - what messages call it, e.g. the file it is in
 * @throws {AdapterError} naming the place, what was expected there and what was found
 */
export function userAdapter(description: unknown, source?: string): Adapter {
  if (source === undefined) return described(description);
  try {
    return described(description);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const about = error.message.slice(beginning.length);
    throw new AdapterError(`${beginning}${source}: ${about}`, { cause: error });
  }
}

/** How messages about a description begin. */
const beginning = "Cannot use adapter: ";

function described(description: unknown): Adapter {
  let value = description;
  if (typeof description === "string") {
    try {
      value = JSON.parse(description);
    } catch (error) {
      throw refused("the text", "JSON", (error as Error).message);
    }
  }
  const fields = object(value, "");
  if ("like" in fields) return likeAnother(checked(value, "", "adapter like another"));
  checked(value, "", "adapter");
  return structuredClone(value) as Adapter;
}

/**
 * The adapter of that name among those that come with Simile.
 *
 * @throws {AdapterError} when there is none, with the names there are
 */
export function adapterNamed(name: string): Adapter {
  const known = adapters.find((adapter) => adapter.name === name);
  if (known !== undefined) return known;
  const names = adapters.map((adapter) => `"${adapter.name}"`).join(", ");
  throw new AdapterError(`Cannot use adapter: expected one of ${names}, found "${name}"`);
}

function likeAnother({ name, like, summary, settings }: Fields): Adapter {
  const model = adapters.find((adapter) => adapter.name === like);
  if (model === undefined) {
    const names = adapters.map((adapter) => `"${adapter.name}"`).join(", ");
    throw refused("like", `one of ${names}`, shown(like));
  }
  return structuredClone({
    ...model,
    name: name as string,
    ...(summary !== undefined && { summary: summary as string }),
    ...(settings !== undefined && { settings: settings as Settings }),
  });
}

function checkLayers(value: unknown, path: string, repeated: boolean): void {
  const layers = list(value, path);
  if (layers.length === 0) throw refused(path, "at least one layer", "none");
  layers.forEach((layer, i) => {
    checkLayer(layer, `${path}[${i}]`, repeated);
  });
  if (repeated && !JSON.stringify(layers).includes("{n}")) {
    throw refused(path, "a tensor name with {n}", "none");
  }
}

function checkLayer(value: unknown, path: string, repeated: boolean): void {
  const fields = object(value, path);
  if (!repeated && "repeat" in fields) {
    checked(value, path, "repeat");
    return;
  }
  const { kind } = fields;
  if (kind !== "linear" && kind !== "bilinear" && kind !== "attention") {
    throw refused(`${path}.kind`, '"linear", "bilinear" or "attention"', shown(kind));
  }
  if (kind === "bilinear" && "packed" in fields) checked(value, path, "packed bilinear");
  else if (kind === "attention" && ("query" in fields || "key" in fields)) {
    checked(value, path, "quadratic attention");
  } else checked(value, path, kind);
  if (!repeated && JSON.stringify(value).includes("{n}")) {
    throw refused(path, "{n} only inside a repeat", "{n}");
  }
}

/** The value as an object with the keys of its kind, and under each what may stand there. */
function checked(value: unknown, path: string, kind: string): Fields {
  const fields = object(value, path);
  const { required, optional } = grammar[kind]!;
  const known: readonly string[] = [...required, ...optional];
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  for (const key of Object.keys(fields)) {
    if (!known.includes(key)) {
      throw refused(at(key), `one of ${known.join(", ")}`, "an unknown key");
    }
  }
  for (const key of required) {
    if (!Object.hasOwn(fields, key)) throw refused(at(key), `a value for ${kind}`, "none");
  }
  for (const key of Object.keys(fields)) checkValue(fields[key], at(key), values[key]!);
  return fields;
}

function checkValue(value: unknown, path: string, kind: Value): void {
  const refuse = (expected: string): never => {
    throw refused(path, expected, shown(value));
  };
  if (typeof kind === "object") checkGiven(value, path, kind.settings);
  else if (kind === "layers") checkLayers(value, path, path.endsWith(".repeat"));
  else if (kind === "packed") checked(value, path, "packed pair");
  else if (kind === "settings") checkSettings(value as Settings, `adapter: ${path}`);
  else if (kind === "flag" && typeof value !== "boolean") refuse("a boolean");
  else if (kind === "axis" && value !== 0 && value !== 1) refuse("0 or 1");
  else if (kind === "text" && !isText(value)) refuse("a non-empty string");
  else if (kind === "names" && !isText(value) && !isTexts(value)) {
    refuse("a non-empty string, or a list of them");
  } else if (kind === "texts") {
    list(value, path).forEach((text, i) => {
      if (typeof text !== "string") throw refused(`${path}[${i}]`, "a string", shown(text));
    });
  }
}

/** A value that one of the settings can have, or an object that names one of them. */
function checkGiven(value: unknown, path: string, names: readonly SettingName[]): void {
  const choices = names.map((name) => `{"setting": "${name}"}`).join(" or ");
  const expected = `${objection(names[0]!, undefined)}, or ${choices}`;
  if (typeof value !== "object" || value === null) {
    if (objection(names[0]!, value) !== undefined) throw refused(path, expected, shown(value));
    return;
  }
  const { setting, ...rest } = value as Fields;
  if (!names.includes(setting as SettingName) || Object.keys(rest).length > 0) {
    throw refused(path, expected, shown(value));
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

function object(value: unknown, path: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw refused(path === "" ? "the description" : path, "an object", shown(value));
}

function list(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw refused(path, "a list", shown(value));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function refused(path: string, expected: string, found: string): AdapterError {
  return new AdapterError(`${beginning}${path}: expected ${expected}, found ${found}`);
}

import { type Adapter, AdapterError } from "./adapter.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Keys of each kind of object in a description: what must be there and what may be. */
const grammar = {
  adapter: { required: ["name", "layers"], optional: ["summary", "prefix", "ignore"] },
  linear: { required: ["kind", "weight"], optional: ["bias", "transpose", "optional"] },
  bilinear: {
    required: ["kind", "left", "right", "down"],
    optional: ["leftBias", "rightBias", "downBias", "transpose", "residual", "gain"],
  },
  "packed bilinear": {
    required: ["kind", "packed", "down"],
    optional: ["downBias", "transpose", "residual", "gain"],
  },
  "packed pair": { required: ["tensor"], optional: ["axis", "bias"] },
  repeat: { required: ["repeat"], optional: [] },
} as const;

/** The type of the value under each key that holds a plain value. */
const plain: Readonly<Record<string, "string" | "boolean" | "number">> = {
  name: "string",
  summary: "string",
  prefix: "string",
  weight: "string",
  bias: "string",
  left: "string",
  right: "string",
  down: "string",
  leftBias: "string",
  rightBias: "string",
  downBias: "string",
  tensor: "string",
  transpose: "boolean",
  optional: "boolean",
  residual: "number",
  gain: "number",
};

/**
 * An adapter from a description a person wrote: a JSON text, or the value of one. Everything is checked;
 * the result is a copy.
 *
 * @throws {AdapterError} naming the place, what was expected there and what was found
 */
export function userAdapter(description: unknown): Adapter {
  let value = description;
  if (typeof description === "string") {
    try {
      value = JSON.parse(description);
    } catch (error) {
      throw refused("the text", "JSON", (error as Error).message);
    }
  }
  const fields = checked(value, "", "adapter");
  const layers = list(fields["layers"], "layers");
  if (layers.length === 0) throw refused("layers", "at least one layer", "none");
  layers.forEach((layer, i) => {
    checkLayer(layer, `layers[${i}]`, false);
  });
  if (fields["ignore"] !== undefined) {
    list(fields["ignore"], "ignore").forEach((pattern, i) => {
      if (typeof pattern !== "string") throw refused(`ignore[${i}]`, "a string", shown(pattern));
    });
  }
  return structuredClone(value) as Adapter;
}

function checkLayer(value: unknown, path: string, repeated: boolean): void {
  const fields = object(value, path);
  if (!repeated && "repeat" in fields) {
    checked(value, path, "repeat");
    const inner = list(fields["repeat"], `${path}.repeat`);
    if (inner.length === 0) throw refused(`${path}.repeat`, "at least one layer", "none");
    inner.forEach((layer, i) => {
      checkLayer(layer, `${path}.repeat[${i}]`, true);
    });
    if (!JSON.stringify(inner).includes("{n}")) {
      throw refused(`${path}.repeat`, "a tensor name with {n}", "none");
    }
    return;
  }
  if (fields["kind"] !== "linear" && fields["kind"] !== "bilinear") {
    throw refused(`${path}.kind`, '"linear" or "bilinear"', shown(fields["kind"]));
  }
  const packed = fields["kind"] === "bilinear" && "packed" in fields;
  checked(value, path, packed ? "packed bilinear" : fields["kind"]);
  if (packed) {
    const pair = checked(fields["packed"], `${path}.packed`, "packed pair");
    if (pair["axis"] !== undefined && pair["axis"] !== 0 && pair["axis"] !== 1) {
      throw refused(`${path}.packed.axis`, "0 or 1", shown(pair["axis"]));
    }
  }
  if (!repeated && JSON.stringify(value).includes("{n}")) {
    throw refused(path, "{n} only inside a repeat", "{n}");
  }
}

/** The value as an object with the keys of its kind and plain values of the right type. */
function checked(value: unknown, path: string, kind: keyof typeof grammar): Fields {
  const fields = object(value, path);
  const { required, optional } = grammar[kind];
  const known: readonly string[] = [...required, ...optional];
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  for (const key of Object.keys(fields)) {
    if (!known.includes(key))
      throw refused(at(key), `one of ${known.join(", ")}`, "an unknown key");
    const type = plain[key];
    if (type === undefined) continue;
    const fits = typeof fields[key] === type && (type !== "number" || Number.isFinite(fields[key]));
    if (!fits || fields[key] === "") {
      const article = type === "string" ? "a non-empty string" : `a ${type}`;
      throw refused(at(key), article, shown(fields[key]));
    }
  }
  for (const key of required) {
    if (!Object.hasOwn(fields, key)) throw refused(at(key), `a value for ${kind}`, "none");
  }
  return fields;
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
  return new AdapterError(`Cannot use adapter: ${path}: expected ${expected}, found ${found}`);
}

import { describeNetwork, type Network, parameterCount } from "../../src/model/index.ts";
import { numberText } from "./numbers.ts";

type Properties = Readonly<Record<string, unknown>>;

/** Tensors of a checkpoint that are named. */
const mostTensors = 30;

/**
 * A value of the library in words: a network by its layers, a checkpoint by its tensors, a series by its
 * steps. Undefined for all else.
 */
export function knownText(value: object): string | undefined {
  try {
    return networkText(value) ?? checkpointText(value) ?? seriesText(value);
  } catch {
    // Something else that looks like one.
    return undefined;
  }
}

function networkText(value: object): string | undefined {
  const layers = own(value, "layers");
  if (!Array.isArray(layers) || layers.length === 0) return undefined;
  const kinds = ["linear", "bilinear", "attention"];
  if (!layers.every((layer) => kinds.includes((layer as Properties)["kind"] as string)))
    return undefined;
  const network = value as Network;
  const parameters = `${parameterCount(network).toLocaleString("en")} parameters`;
  return `Network ${describeNetwork(network)}, ${parameters}`;
}

function checkpointText(value: object): string | undefined {
  const tensors = own(value, "tensors");
  const source = own(value, "source");
  if (!(tensors instanceof Map) || typeof source !== "string") return undefined;
  const step = own(value, "step");
  const lines: string[] = [];
  for (const [name, info] of tensors as ReadonlyMap<string, Properties>) {
    if (lines.length === mostTensors) break;
    const { type, shape } = info;
    if (typeof type !== "string" || !Array.isArray(shape)) return undefined;
    lines.push(`  ${name}  ${type} [${shape.join(", ")}]`);
  }
  const left = tensors.size - lines.length;
  if (left > 0) lines.push(`  … ${left.toLocaleString("en")} more`);
  const at = typeof step === "number" ? `, step ${step.toLocaleString("en")}` : "";
  return [
    `Checkpoint ${source}${at}, ${tensors.size} ${tensors.size === 1 ? "tensor" : "tensors"}`,
    ...lines,
  ].join("\n");
}

function seriesText(value: object): string | undefined {
  const { network } = value as Properties;
  const length = own(value, "length");
  const labels = own(value, "labels");
  if (typeof network !== "function" || typeof length !== "number") return undefined;
  const source = own(value, "source");
  const steps = own(value, "steps");
  const named = Array.isArray(steps) ? steps : Array.isArray(labels) ? labels : [];
  const what = Array.isArray(steps) ? "steps " : "";
  const text = (name: unknown) => (typeof name === "number" ? numberText(name) : String(name));
  const ends = named.length > 0 ? `, ${what}${text(named[0])} … ${text(named.at(-1))}` : "";
  const from = typeof source === "string" ? ` ${source}` : "";
  return `Series${from}: ${length.toLocaleString("en")} networks${ends}`;
}

/** A property that is there as a value: getters are not called. */
function own(value: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

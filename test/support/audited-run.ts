import { type AuditOptions, audit, type Finding } from "../../src/analysis/index.ts";
import { bytesSource, seriesOf, storedOf, writeSafetensors } from "../../src/checkpoint/index.ts";
import { type BilinearLayer, type Network, randomBilinear } from "../../src/model/index.ts";
import { matrix } from "../../src/tensor/index.ts";

/** The network a quarter turn of weights would bring from one to another, at `time` from 0 to 1. */
export function between(seed: number, time: number, dHidden = 3): Network {
  const [from, to] = [seed, seed + 1000].map(
    (one) => randomBilinear({ dIn: 4, dHidden, dOut: 3, seed: one }).layers[0] as BilinearLayer,
  );
  const mixed = (name: "left" | "right" | "down") =>
    matrix(
      ...from![name].shape,
      from![name].data.map((entry, at) => entry + time * (to![name].data[at]! - entry)),
    );
  return {
    layers: [{ kind: "bilinear", left: mixed("left"), right: mixed("right"), down: mixed("down") }],
  };
}

/** Its safetensors file. */
export function fileOf(network: Network, metadata: Record<string, string> = {}): Uint8Array {
  const { left, right, down } = network.layers[0] as BilinearLayer;
  const tensors = Object.entries({ left, right, down });
  return writeSafetensors(
    new Map(tensors.map(([name, tensor]) => [name, storedOf(tensor, "F64")])),
    metadata,
  );
}

/** A run of 10 checkpoints, every 100 steps, that moves smoothly; `changed` replaces files. */
export function run(
  changed: Record<number, Uint8Array | undefined> = {},
): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 10; i++) {
    const bytes = i in changed ? changed[i] : fileOf(between(1, i / 24));
    if (bytes) files[`step_${100 * i}.safetensors`] = bytes;
  }
  return files;
}

/** What an audit finds in these files. */
export async function found(
  files: Record<string, Uint8Array>,
  options: AuditOptions = {},
): Promise<Finding[]> {
  const entries = Object.entries(files).map(([name, bytes]) => ({
    name,
    size: bytes.length,
    open: async () => bytesSource(bytes, name),
  }));
  return [...(await audit(await seriesOf(entries), options)).findings];
}

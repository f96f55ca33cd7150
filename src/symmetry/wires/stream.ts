import { dInOf, dOutOf, type Layer, type Network } from "../../model/index.ts";

/**
 * Wires that residuals tie together, so that a change of coordinates on one is a change on all. Wire k
 * carries the inputs of layer k; wire 0 the inputs of the network, the last one its outputs.
 */
export interface Stream {
  readonly from: number;
  /** The last of them, inclusive. */
  readonly to: number;
  /** Numbers on each of its wires. */
  readonly width: number;
  /** True when it holds neither the inputs nor the outputs of the network, whose coordinates are given. */
  readonly inner: boolean;
}

/** The stream that a wire belongs to. */
export function streamOf({ layers }: Network, wire: number): Stream {
  let [from, to] = [wire, wire];
  while (from > 0 && residualOf(layers[from - 1]!) !== 0) from--;
  while (to < layers.length && residualOf(layers[to]!) !== 0) to++;
  const width = wire < layers.length ? dInOf(layers[wire]!) : dOutOf(layers[wire - 1]!);
  return { from, to, width, inner: from > 0 && to < layers.length };
}

/** The streams between the inputs and the outputs of a network, in order. */
export function innerStreams(network: Network): Stream[] {
  const streams: Stream[] = [];
  let wire = 1;
  while (wire < network.layers.length) {
    const stream = streamOf(network, wire);
    if (stream.inner) streams.push(stream);
    wire = stream.to + 1;
  }
  return streams;
}

/** What of its input a layer passes on as it is. */
export function residualOf(layer: Layer): number {
  return layer.kind === "linear" ? 0 : (layer.residual ?? 0);
}

/** @throws {RangeError} when there is no such wire between two layers */
export function checkWire(act: string, wire: number, { layers }: Network): void {
  if (Number.isInteger(wire) && wire > 0 && wire < layers.length) return;
  throw new RangeError(
    `Cannot ${act} wire ${wire}: expected a wire between two layers, from 1 to ${layers.length - 1}`,
  );
}

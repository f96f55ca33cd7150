import { expect } from "vitest";
import { type PickleEnvironment, unpickled } from "../../src/checkpoint/pickle/machine.ts";
import { PickleError } from "../../src/checkpoint/pickle/stream.ts";
import { Global, Inert, List, Refusal } from "../../src/checkpoint/pickle/value.ts";
import { type Piece, pickle } from "./pickle-writer.ts";

/** By module and name. */
const globals = new Map(
  [
    new Global("ours.pair", (args) => new List("tuple", args)),
    new Global("ours.type"),
    new Global("ours.thing", () => new Inert("a thing")),
    new Global("ours.picky", () => {
      throw new Refusal("expected cheese, found none");
    }),
  ].map((each) => [each.what, each]),
);
/** Names that pickles of the tests may call, and what their ids stand for. */
export const environment: PickleEnvironment = {
  global: (module, name) => globals.get(`${module}.${name}`),
  persistent: (id) => new Inert(`stored ${String(id)}`),
};

/** The error of bytes that are no pickle we read. */
export function refusal(bytes: Uint8Array): string {
  try {
    unpickled(bytes, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(PickleError);
    return (error as Error).message;
  }
  throw new Error("no error");
}
/** The error of a pickle of this value. */
export const bad = (value: Piece): string => refusal(pickle(value));

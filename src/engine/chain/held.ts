import type { LoadedChain, Precision } from "../../tensor/index.ts";
import { Lease } from "../lease.ts";
import { requirePairable, type StepSizes } from "./steps.ts";

interface Holding<Content> {
  readonly engine: string;
  /** The engine instance that loaded the chain. */
  readonly owner: object;
  readonly precision: Precision;
  readonly steps: readonly StepSizes[];
  readonly bytes: number;
  readonly content: Content;
  /** Gives the memory back; called once, when the chain is released and no row uses it. */
  free?(): void;
}

/** A loaded chain with what its engine keeps of it. */
export class HeldChain<Content> extends Lease<Content> implements LoadedChain {
  readonly bytes: number;
  readonly precision: Precision;
  readonly steps: readonly StepSizes[];

  constructor(holding: Holding<Content>) {
    super(holding);
    this.bytes = holding.bytes;
    this.precision = holding.precision;
    this.steps = holding.steps;
  }

  /** This chain, when `owner` loaded it and it is not released. */
  static require<Content>(chain: LoadedChain, owner: object, engine: string): HeldChain<Content> {
    if (!(chain instanceof HeldChain) || !chain.isOf(owner)) {
      throw new TypeError(
        `Cannot use a chain in engine "${engine}": expected one loaded by this engine, found one of engine "${chain.engine}"`,
      );
    }
    if (chain.isReleased) {
      throw new TypeError(`Cannot use a chain in engine "${engine}": it is released`);
    }
    return chain;
  }
}

/**
 * The chains of a row, checked: loaded by `owner`, not released, of one precision, and each of `bs`
 * pairable with `a`.
 *
 * @throws {TypeError} when a chain is of another engine or precision, or released
 * @throws {ShapeError} when two chains cannot be paired
 */
export function requireRow<Content>(
  a: LoadedChain,
  bs: readonly LoadedChain[],
  owner: object,
  engine: string,
): { readonly a: HeldChain<Content>; readonly bs: readonly HeldChain<Content>[] } {
  const heldA = HeldChain.require<Content>(a, owner, engine);
  const held = bs.map((b) => HeldChain.require<Content>(b, owner, engine));
  for (const b of held) {
    if (b.precision !== heldA.precision) {
      throw new TypeError(
        `Cannot pair two chains: expected precision ${heldA.precision}, found ${b.precision}`,
      );
    }
    requirePairable(heldA.steps, b.steps);
  }
  return { a: heldA, bs: held };
}

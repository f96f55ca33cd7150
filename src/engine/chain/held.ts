import type { LoadedChain, Precision } from "../../tensor/index.ts";
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

/** A loaded chain with what its engine keeps of it, kept until released and no longer in use. */
export class HeldChain<Content> implements LoadedChain {
  readonly #holding: Holding<Content>;
  #uses = 0;
  #released = false;

  constructor(holding: Holding<Content>) {
    this.#holding = holding;
  }

  get engine(): string {
    return this.#holding.engine;
  }

  get bytes(): number {
    return this.#holding.bytes;
  }

  get precision(): Precision {
    return this.#holding.precision;
  }

  get steps(): readonly StepSizes[] {
    return this.#holding.steps;
  }

  get content(): Content {
    return this.#holding.content;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    if (this.#uses === 0) this.#holding.free?.();
  }

  /** A row begins to use the chain. */
  enter(): void {
    this.#uses++;
  }

  /** A row is done with the chain. */
  leave(): void {
    this.#uses--;
    if (this.#uses === 0 && this.#released) this.#holding.free?.();
  }

  /** This chain, when `owner` loaded it and it is not released. */
  static require<Content>(chain: LoadedChain, owner: object, engine: string): HeldChain<Content> {
    if (!(chain instanceof HeldChain) || chain.#holding.owner !== owner) {
      throw new TypeError(
        `Cannot use a chain in engine "${engine}": expected one loaded by this engine, found one of engine "${chain.engine}"`,
      );
    }
    if (chain.#released) {
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

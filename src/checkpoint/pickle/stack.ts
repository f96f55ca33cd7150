import type { PickleStream } from "./stream.ts";
import { Dict, List, type PickleValue } from "./value.ts";

/** Opcodes, items and memory one pickle may take: enough for 30,000 tensors, and for 100 MB. */
const budgetLimit = 4_000_000;
const depthLimit = 100;
/** What a container costs of the budget, for the memory it takes, and a dictionary when first filled. */
const containerCost = 4;
export const dictCost = 12;

/** The stack of the pickle machine, with marks that values cannot be taken from below. */
export class PickleStack {
  private readonly stream: PickleStream;
  private readonly values: PickleValue[] = [];
  /** Heights of the stack at the marks that are open. */
  private readonly marks: number[] = [];
  private budget = budgetLimit;

  constructor(stream: PickleStream) {
    this.stream = stream;
  }

  get empty(): boolean {
    return this.values.length === 0 && this.marks.length === 0;
  }

  push(value: PickleValue): void {
    this.values.push(value);
  }

  /** Pushes a value that was just built, and pays for what it holds. */
  pushNew(value: PickleValue): void {
    if (value instanceof List || value instanceof Dict) {
      const held = value instanceof List ? value.items.length : dictCost * value.entries.size;
      this.spend(containerCost + held);
      this.checkDepth(value);
    }
    this.values.push(value);
  }

  pop(): PickleValue {
    return this.popMany(1)[0]!;
  }

  top(): PickleValue {
    const value = this.pop();
    this.values.push(value);
    return value;
  }

  popMany(count: number): PickleValue[] {
    const height = this.values.length - (this.marks.at(-1) ?? 0);
    if (height < count) this.stream.refuse(`at least ${count} on the stack`, String(height));
    return this.values.splice(this.values.length - count);
  }

  mark(): void {
    if (this.marks.length >= depthLimit) {
      this.stream.refuse(`at most ${depthLimit} marks`, "more");
    }
    this.marks.push(this.values.length);
  }

  popMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) this.stream.refuse("a mark on the stack", "none");
    return this.values.splice(mark);
  }

  /** Drops the topmost value, or the mark that is on top of it. */
  drop(): void {
    if (this.marks.at(-1) === this.values.length) this.marks.pop();
    else this.pop();
  }

  checkDepth(value: List | Dict): void {
    if (value.depth > depthLimit) {
      this.stream.refuse(`nesting of at most ${depthLimit}`, "deeper");
    }
  }

  spend(cost: number): void {
    this.budget -= cost;
    if (this.budget < 0) this.stream.refuse(`at most ${budgetLimit} opcodes and items`, "more");
  }
}

import type { Network } from "../model/index.ts";
import {
  type Engine,
  type Matrix,
  matrix,
  type Numbers,
  numbers,
  type Precision,
  precisionOf,
  type Random,
} from "../tensor/index.ts";
import { type CrossEntropy, crossEntropy } from "./cross-entropy.ts";
import type { Task } from "./task.ts";

/** Examples evaluated at once: bounds the memory, and fixes the order of the sums. */
const chunk = 2048;

/** What the forward pass of n examples leaves for the backward pass; each [n, hidden]. */
interface Activations {
  readonly left: Numbers;
  readonly right: Numbers;
  readonly hidden: Matrix;
}

/**
 * A one-layer bilinear classifier y = D (L x ⊙ R x) without biases, for a task whose inputs are 0/1
 * vectors, with cross-entropy −ln softmax(y)[label] and its gradient by hand.
 *
 * With l = L x, r = R x, h = l ⊙ r and g = ∂loss/∂y = softmax(y) − e_label:
 *
 *     ∂loss/∂D = g hᵀ              ∂loss/∂h = Dᵀ g
 *     ∂loss/∂l = ∂loss/∂h ⊙ r      ∂loss/∂L = (∂loss/∂l) xᵀ
 *     ∂loss/∂r = ∂loss/∂h ⊙ l      ∂loss/∂R = (∂loss/∂r) xᵀ
 *
 * As x holds ones at two places, L x is the sum of those columns of L, and (∂loss/∂l) xᵀ adds ∂loss/∂l
 * to the same columns. L and R are therefore held transposed, [inputs, hidden], one row per place. For a
 * batch, with rows as examples, the rest is three products on the engine: Y = H Dᵀ, ∂D = Gᵀ H, ∂H = G D.
 */
export class BilinearClassifier {
  /** All weights in one array: Lᵀ [inputs, hidden], Rᵀ [inputs, hidden], D [classes, hidden]. */
  readonly parameters: Numbers;
  readonly #task: Task;
  readonly #hidden: number;
  readonly #engine: Engine;
  readonly #activations = new Map<number, Activations>();

  /** Weights start at zero; see `initialise`. */
  constructor(task: Task, hidden: number, engine: Engine, precision: Precision = "float64") {
    this.#task = task;
    this.#hidden = hidden;
    this.#engine = engine;
    this.parameters = numbers((2 * task.inputs + task.classes) * hidden, precision);
  }

  /** Draws L, R and D, in this order and row-major, uniform on ±1/√(columns), PyTorch's default. */
  initialise(random: Random): void {
    const { inputs, classes } = this.#task;
    const width = this.#hidden;
    const { left, right, down } = this.#views(this.parameters);
    const draw = (bound: number): number => (2 * random.uniform() - 1) * bound;
    for (const table of [left, right]) {
      for (let unit = 0; unit < width; unit++) {
        for (let place = 0; place < inputs; place++) {
          table[place * width + unit] = draw(1 / Math.sqrt(inputs));
        }
      }
    }
    for (let i = 0; i < classes * width; i++) down[i] = draw(1 / Math.sqrt(width));
  }

  /**
   * Mean loss and accuracy (fraction of labels predicted) over the examples, in their order; the gradient
   * of the mean loss is written to `gradient`, laid out like `parameters`.
   */
  async gradient(examples: Uint32Array, gradient: Numbers): Promise<Evaluation> {
    const { classes } = this.#task;
    const width = this.#hidden;
    const { down } = this.#views(this.parameters);
    const of = this.#views(gradient);
    const activations = this.#forward(examples);
    const scores = await this.#scores(activations);
    const result = crossEntropy(scores, this.#task.labels, examples, true);
    const downGradient = await this.#engine.gemm(scores, activations.hidden, { transposeA: true });
    of.down.set(downGradient.data);
    const back = await this.#engine.gemm(scores, matrix(classes, width, down));
    this.#scatter(examples, activations, back.data, of.left, of.right);
    return evaluation(result, examples.length);
  }

  /** Mean loss and accuracy over the examples. */
  async evaluate(examples: Uint32Array): Promise<Evaluation> {
    const total = { loss: 0, correct: 0 };
    for (let start = 0; start < examples.length; start += chunk) {
      const part = examples.subarray(start, start + chunk);
      const scores = await this.#scores(this.#forward(part));
      const { loss, correct } = crossEntropy(scores, this.#task.labels, part, false);
      total.loss += loss;
      total.correct += correct;
    }
    return evaluation(total, examples.length);
  }

  /** A copy of the weights as a network of one bilinear layer: left, right [hidden, inputs], down. */
  network(): Network {
    const { inputs, classes } = this.#task;
    const width = this.#hidden;
    const { left, right, down } = this.#views(this.parameters);
    return {
      layers: [
        {
          kind: "bilinear",
          left: transposed(left, inputs, width),
          right: transposed(right, inputs, width),
          down: matrix(classes, width, down.slice()),
        },
      ],
    };
  }

  #views(flat: Numbers): { left: Numbers; right: Numbers; down: Numbers } {
    const table = this.#task.inputs * this.#hidden;
    return {
      left: flat.subarray(0, table),
      right: flat.subarray(table, 2 * table),
      down: flat.subarray(2 * table),
    };
  }

  #scores(activations: Activations): Promise<Matrix> {
    const down = matrix(this.#task.classes, this.#hidden, this.#views(this.parameters).down);
    return this.#engine.gemm(activations.hidden, down, { transposeB: true });
  }

  /** l, r and h of each example. Storage is kept per number of examples and reused. */
  #forward(examples: Uint32Array): Activations {
    const { places } = this.#task;
    const width = this.#hidden;
    const { left: leftTable, right: rightTable } = this.#views(this.parameters);
    const activations = this.#storage(examples.length);
    const { left, right } = activations;
    const hidden = activations.hidden.data;
    for (let row = 0; row < examples.length; row++) {
      const to = row * width;
      const first = places[2 * examples[row]!]! * width;
      const second = places[2 * examples[row]! + 1]! * width;
      for (let j = 0; j < width; j++) {
        const l = leftTable[first + j]! + leftTable[second + j]!;
        const r = rightTable[first + j]! + rightTable[second + j]!;
        left[to + j] = l;
        right[to + j] = r;
        hidden[to + j] = l * r;
      }
    }
    return activations;
  }

  /** Sums ∂h ⊙ r and ∂h ⊙ l of each example into the rows of its two places. */
  #scatter(
    examples: Uint32Array,
    { left, right }: Activations,
    hiddenGradient: Numbers,
    leftGradient: Numbers,
    rightGradient: Numbers,
  ): void {
    const { places } = this.#task;
    const width = this.#hidden;
    leftGradient.fill(0);
    rightGradient.fill(0);
    for (let row = 0; row < examples.length; row++) {
      const from = row * width;
      const first = places[2 * examples[row]!]! * width;
      const second = places[2 * examples[row]! + 1]! * width;
      for (let j = 0; j < width; j++) {
        const h = hiddenGradient[from + j]!;
        const l = h * right[from + j]!;
        const r = h * left[from + j]!;
        leftGradient[first + j]! += l;
        leftGradient[second + j]! += l;
        rightGradient[first + j]! += r;
        rightGradient[second + j]! += r;
      }
    }
  }

  #storage(count: number): Activations {
    const existing = this.#activations.get(count);
    if (existing) return existing;
    const precision = precisionOf(this.parameters);
    const size = count * this.#hidden;
    const made = {
      left: numbers(size, precision),
      right: numbers(size, precision),
      hidden: matrix(count, this.#hidden, numbers(size, precision)),
    };
    this.#activations.set(count, made);
    return made;
  }
}

/** How well a classifier does on some examples. */
export interface Evaluation {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** Fraction predicted right, 0 … 1. */
  readonly accuracy: number;
}

function evaluation({ loss, correct }: CrossEntropy, count: number): Evaluation {
  return { loss: loss / count, accuracy: correct / count };
}

function transposed(data: Numbers, rows: number, columns: number): Matrix {
  const result = numbers(data.length, precisionOf(data));
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j]!;
  }
  return matrix(columns, rows, result);
}

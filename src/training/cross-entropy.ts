import { exponential, type Matrix } from "../tensor/index.ts";

export interface CrossEntropy {
  /** Σ over the rows of −ln softmax(row)[label], in nats. */
  readonly loss: number;
  /** Rows whose label has the greatest score (the first of equals). */
  readonly correct: number;
}

/**
 * Cross-entropy of scores [n, classes] against the labels of examples[0 … n − 1].
 *
 * With `gradient`, the scores are overwritten by the gradient of the *mean* loss: row i becomes
 * (softmax(row) − e_label) / n, since −∂ ln π_c/∂y_j = π_j − [j = c]. Without it they are kept.
 */
export function crossEntropy(
  scores: Matrix,
  labels: Uint32Array,
  examples: Uint32Array,
  gradient: boolean,
): CrossEntropy {
  const [rows, classes] = scores.shape;
  const data = scores.data;
  let loss = 0;
  let correct = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const label = labels[examples[row]!]!;
    const score = data[start + label]!;
    let most = data[start]!;
    let best = 0;
    for (let j = 1; j < classes; j++) {
      const value = data[start + j]!;
      if (value > most) {
        most = value;
        best = j;
      }
    }
    if (best === label) correct++;
    let sum = 0;
    if (gradient) {
      for (let j = 0; j < classes; j++) {
        const weight = exponential(data[start + j]! - most);
        data[start + j] = weight;
        sum += weight;
      }
      const scale = 1 / (sum * rows);
      for (let j = 0; j < classes; j++) data[start + j]! *= scale;
      data[start + label]! -= 1 / rows;
    } else {
      for (let j = 0; j < classes; j++) sum += exponential(data[start + j]! - most);
    }
    loss += Math.log(sum) - (score - most);
  }
  return { loss, correct };
}

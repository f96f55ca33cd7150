import type { Engine, EngineInfo } from "../../tensor/index.ts";
import { matrix } from "../../tensor/index.ts";
import { productOf } from "../product.ts";

interface TfTensor {
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

/** The part of TensorFlow.js that is used: any build has it, whatever its backend. */
export interface Tf {
  ready(): Promise<void>;
  tensor2d(data: Float32Array, shape: [number, number]): TfTensor;
  transpose(x: TfTensor): TfTensor;
  matMul(a: TfTensor, b: TfTensor): TfTensor;
  tidy<T>(compute: () => T): T;
}

/**
 * TensorFlow.js as an engine, in float32, the one precision it computes in. Operands are transposed
 * beforehand: where its product takes transposed ones it is up to twelve times slower. It runs where
 * the active backend of `tf` does; rows of chains are composed of products.
 *
 * @param tf TensorFlow.js with a backend registered
 */
export async function tfjsEngine(tf: Tf): Promise<Engine> {
  await tf.ready();
  const info: EngineInfo = {
    name: "tfjs",
    precisions: ["float32"],
    threads: 1,
    deterministic: false,
  };
  return {
    info,
    async gemm(a, b, options = {}) {
      const { rows, columns } = productOf(info, a, b, options);
      const operand = ({ data, shape }: typeof a, transposed = false): TfTensor => {
        const plain = tf.tensor2d(data as Float32Array, [shape[0], shape[1]]);
        return transposed ? tf.transpose(plain) : plain;
      };
      const product = tf.tidy(() =>
        tf.matMul(operand(a, options.transposeA), operand(b, options.transposeB)),
      );
      try {
        return matrix(rows, columns, Float32Array.from(await product.data()));
      } finally {
        product.dispose();
      }
    },
    async dispose() {},
  };
}

import { provideEngine } from "../choice.ts";
import { onnxEngine } from "../onnx/onnx.ts";
import { type Tf, tfjsEngine } from "../tfjs/tfjs.ts";
import { provideWorkers } from "../wasm/spawn.ts";
import { loadPackage } from "./package.ts";
import { nodeWorkers } from "./workers.ts";

// Says what there is in Node; nothing is loaded or started before it is asked for.
provideWorkers(nodeWorkers);
provideEngine(
  "onnx",
  (options) => onnxEngine(options),
  // Its products of float64 are vectorised for this processor alone.
  process.arch === "x64" ? ["float64", "float32"] : ["float32"],
);
provideEngine("tfjs", async () => tfjsEngine(loadPackage<Tf>("tfjs", "@tensorflow/tfjs-node")));

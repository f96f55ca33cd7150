import { provideWorkers } from "../wasm/spawn.ts";
import { nodeWorkers } from "./workers.ts";

provideWorkers(nodeWorkers);

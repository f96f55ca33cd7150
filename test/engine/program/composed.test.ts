import { programsOf, referenceEngine } from "../../../src/engine/index.ts";
import { programSuite } from "../support/program-suite.ts";

const programs = programsOf(referenceEngine());
programSuite("reference", async () => programs);

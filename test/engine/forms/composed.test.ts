import { formsOf, referenceEngine } from "../../../src/engine/index.ts";
import { formSuite } from "../support/form-suite.ts";

const forms = formsOf(referenceEngine());
formSuite(async () => forms);

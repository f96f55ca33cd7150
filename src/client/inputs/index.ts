export { checkpointPicker } from "./checkpoint-picker.ts";
export { outputPicker } from "./output-picker.ts";
export { similaritySettings } from "./similarity-settings.ts";
export { stepRange } from "./step-range.ts";

export type { Evaluation } from "./classifier.ts";
export { modularAddition } from "./modular-addition.ts";
export { powerLawSchedule } from "./schedule.ts";
export { type Split, splitExamples } from "./split.ts";
export type { Task } from "./task.ts";
export {
  grokkingSettings,
  type HistoryRow,
  type TrainingCheckpoint,
  type TrainingRun,
  type TrainingSettings,
  type TrainOptions,
  train,
} from "./train.ts";

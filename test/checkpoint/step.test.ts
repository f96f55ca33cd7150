import { expect, test } from "vitest";
import { stepOf } from "../../src/checkpoint/index.ts";

test.for<[string, number | undefined]>([
  ["step_500.pt", 500],
  ["step-000123.safetensors", 123],
  ["step-000123.safetensors.gz", 123],
  ["step500", 500],
  ["000123.npz", 123],
  ["0.safetensors", 0],
  ["checkpoint-1000/model.safetensors", 1000],
  ["runs/checkpoint-1000/pytorch_model.bin", 1000],
  ["checkpoint-1000/step_7.pt", 7],
  ["model_step=20000.ckpt", 20000],
  ["epoch=3-step=120.ckpt", 120],
  ["epoch_12.pth", 12],
  ["step10k.pt", 10_000],
  ["step_2M.pt", 2_000_000],
  ["step1000-tokens4B.safetensors", 1000],
  ["ckpt_00042.pt", 42],
  ["global_step200.pt", 200],
  ["iter_0000100.pt", 100],
  ["grok_200.pt", 200],
  ["mlp-seed_3-step_40.pt", 40],
  ["seed_0/step_40.pt", 40],
  ["model_seed_0.pt", undefined],
  ["model_seed_0", undefined],
  ["run-3.safetensors", undefined],
  ["model_2.pt", undefined],
  ["layer.1.npy", undefined],
  ["final.pt", undefined],
  ["mlp2.pt", undefined],
  ["resnet50.pt", undefined],
  ["", undefined],
  ["step_99999999999999999999.pt", undefined],
  ["misstep_5", 5],
])("%s is step %s", ([path, step]) => {
  expect(stepOf(path)).toBe(step);
});

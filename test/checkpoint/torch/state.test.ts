import { describe, expect, test } from "vitest";
import { indexCheckpoint, readCheckpoint } from "../../../src/checkpoint/index.ts";
import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import {
  call,
  dict,
  float,
  global,
  int,
  join,
  list,
  no,
  none,
  op,
  type Piece,
  pickle,
  text,
  tuple,
  yes,
} from "../../support/pickle-writer.ts";
import { expectRefused, read, six, whole } from "../../support/torch-state.ts";
import { storage, tensor, torchZip } from "../../support/torch-writer.ts";

describe("the model is found", () => {
  const model = dict({ "a.weight": whole });
  const found = { "a.weight": { shape: [2, 3], values: [0, 1, 2, 3, 4, 5] } };
  const moments = dict({
    state: dict({ "0": dict({ exp_avg: whole }) }),
    param_groups: list(dict({ lr: float(0.1) })),
  });

  test.for(["model_state_dict", "state_dict", "model", "net", "params"])(
    "under %s; what stands beside it is told",
    async (key) => {
      const { tensors, metadata, step } = await read(
        dict({
          global_step: int(120),
          [key]: model,
          optimizer_state_dict: moments,
          loss: float(0.25),
          args: dict({ lr: float(0.001), name: text("run"), nesterov: no }),
          best: none,
          history: list(float(1)),
          config: call(global("argparse", "Namespace")),
          rng: tensor(storage("0", 6), { shape: [6] }),
          accuracy: call(
            global("numpy.core.multiarray", "scalar"),
            join(
              call(global("numpy", "dtype"), text("f8"), no, yes),
              tuple(int(3), text("<")),
              op(opcode.BUILD),
            ),
            call(global("_codecs", "encode"), text("x"), text("latin1")),
          ),
        }),
      );
      expect(tensors).toEqual(found);
      expect(step).toBe(120);
      expect(metadata).toEqual({
        global_step: "120",
        loss: "0.25",
        "args.lr": "0.001",
        "args.name": "run",
        "args.nesterov": "false",
      });
    },
  );

  test("and other parts that hold tensors are named", async () => {
    const index = await indexCheckpoint(
      torchZip(pickle(dict({ model, optimizer: moments, ema: model })), six),
    );
    expect(index.ignored).toEqual(["optimizer", "ema"]);
    const loose = await indexCheckpoint(
      torchZip(pickle(dict({ w: whole, optimizer: moments })), six),
    );
    expect([...loose.tensors.keys()]).toEqual(["w"]);
    expect(loose.ignored).toEqual(["optimizer"]);
  });

  test("below keys of any name, while there is one part", async () => {
    expect(
      (
        await read(
          dict({ run: dict({ agent: dict({ step: int(3), state_dict: model }) }), optim: moments }),
        )
      ).tensors,
    ).toEqual(found);
  });

  test("in parts, their names joined", async () => {
    const { tensors } = await read(
      dict({
        encoder: dict({ w: whole }),
        decoder: dict({ layers: list(whole, dict({ w: whole })) }),
      }),
    );
    expect(Object.keys(tensors as object)).toEqual([
      "encoder.w",
      "decoder.layers.0",
      "decoder.layers.1.w",
    ]);
  });

  test("as one tensor, or a list of them", async () => {
    expect(Object.keys((await read(whole)).tensors as object)).toEqual(["tensor"]);
    expect(Object.keys((await read(list(whole, whole))).tensors as object)).toEqual(["0", "1"]);
  });

  test("before a step in the metadata, the step in the name counts", async () => {
    const bytes = torchZip(pickle(dict({ step: int(3), model })), six);
    expect((await readCheckpoint(bytes, "step_7.pt")).step).toBe(7);
    expect((await readCheckpoint(bytes, "final.pt")).step).toBe(3);
  });
});

describe("a state dict that is none, or too much, is refused:", () => {
  test.for<[string, Piece, string]>([
    [
      "no tensors",
      dict({ step: int(3) }),
      "Cannot read x: expected a state dict, or a dictionary that holds one, found no tensors",
    ],
    [
      "a name as long as the file",
      dict({ ["n".repeat(1001)]: whole }),
      "expected names of at most 1000 characters, found one of 1001",
    ],
    [
      "a long name of a part besides",
      dict({ w: whole, [`optimizer${"n".repeat(1000)}`]: dict({ w: whole }) }),
      "expected names of at most 1000 characters, found one of 1009",
    ],
    [
      "one long name over many tensors",
      dict({ ["n".repeat(990)]: list(...Array.from({ length: 5000 }, () => whole)), b: whole }),
      "expected names of at most 4194304 characters together, found more",
    ],
    [
      "a dictionary that holds itself",
      join(
        op(opcode.EMPTY_DICT, opcode.BINPUT, 0),
        text("a"),
        op(opcode.BINGET, 0, opcode.SETITEM),
        text("w"),
        whole,
        op(opcode.SETITEM),
      ),
      "expected nesting of at most 100, found deeper",
    ],
    [
      "one name twice",
      dict({ "a.b": whole, a: dict({ b: whole }) }),
      'expected one tensor called "a.b", found two',
    ],
    [
      "a part referred to without end",
      (() => {
        const doubled = Array.from({ length: 30 }, (_, i) =>
          join(
            op(opcode.BINPUT, i, opcode.POP, opcode.EMPTY_DICT),
            text("a"),
            op(opcode.BINGET, i, opcode.SETITEM),
            text("b"),
            op(opcode.BINGET, i, opcode.SETITEM),
          ),
        );
        return join(whole, ...doubled);
      })(),
      "expected at most 200000 parts, found more",
    ],
  ])("%s", ([, root, message]) => expectRefused(root, message));
});

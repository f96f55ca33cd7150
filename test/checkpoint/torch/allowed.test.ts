import { describe, test } from "vitest";
import { call, dict, global, int, list, type Piece, text } from "../../support/pickle-writer.ts";
import { expectRefused, whole } from "../../support/torch-state.ts";
import { storage, tensor } from "../../support/torch-writer.ts";

describe("a call of anything but what torch.save writes, as it writes it, is refused:", () => {
  test.for<[string, Piece, string]>([
    [
      "a program",
      call(global("os", "system"), text("touch x")),
      'Cannot read x: pickle opcode GLOBAL at byte 2: expected a name that torch.save writes for tensors, found "os.system". Nothing of the file was run; what can be read is torch.save(model.state_dict(), file)',
    ],
    [
      "a program in a state dict",
      dict({ w: whole, v: call(global("builtins", "exec"), text("1")) }),
      '"builtins.exec"',
    ],
    [
      "a program as a storage kind",
      dict({ w: tensor(storage("0", 6, "os.system"), { shape: [6] }) }),
      '"os.system"',
    ],
    [
      "a whole module",
      call(global("torch.nn.modules.linear", "Linear")),
      '"torch.nn.modules.linear.Linear"',
    ],
    [
      "complex numbers",
      dict({ w: tensor(storage("0", 3, "ComplexFloatStorage"), { shape: [3] }) }),
      '"torch.ComplexFloatStorage"',
    ],
    [
      "pairs that are none",
      call(global("collections", "OrderedDict"), list(int(1))),
      "collections.OrderedDict: expected pairs, found 1",
    ],
    [
      "a dictionary of a number",
      call(global("collections", "OrderedDict"), int(1)),
      "collections.OrderedDict: expected pairs, found 1",
    ],
    [
      "a set of a number",
      call(global("builtins", "set"), int(1)),
      "builtins.set: expected a list, found 1",
    ],
  ])("%s", ([, root, message]) => expectRefused(root, message));
});

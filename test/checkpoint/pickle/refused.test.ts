import { describe, expect, test } from "vitest";
import { opcode } from "../../../src/checkpoint/pickle/opcode.ts";
import { bad } from "../../support/pickle-environment.ts";
import {
  call,
  dict,
  global,
  int,
  join,
  list,
  none,
  op,
  type Piece,
  text,
} from "../../support/pickle-writer.ts";

describe("what does more than describe values is refused, by name and position:", () => {
  test.for<[string, Piece, string]>([
    [
      "os.system",
      call(global("os", "system"), text("touch x")),
      'pickle opcode GLOBAL at byte 2: expected a name that torch.save writes for tensors, found "os.system"',
    ],
    [
      "posix.system by the stack",
      join(text("posix"), text("system"), op(opcode.STACK_GLOBAL)),
      'pickle opcode STACK_GLOBAL at byte 23: expected a name that torch.save writes for tensors, found "posix.system"',
    ],
    ["builtins.eval", global("builtins", "eval"), '"builtins.eval"'],
    ["a name of the language", global("__proto__", "constructor"), '"__proto__.constructor"'],
    [
      "a name deep in allowed things",
      list(int(1), dict({ a: global("os", "system") })),
      "pickle opcode GLOBAL at byte 17",
    ],
    [
      "an attribute of an allowed name",
      global("ours", "pair.__globals__"),
      '"ours.pair.__globals__"',
    ],
    [
      "a name from things that are none",
      join(int(1), none, op(opcode.STACK_GLOBAL)),
      "pickle opcode STACK_GLOBAL at byte 8: expected two names, found 1 and None",
    ],
    [
      "a call of a value",
      call(text("os.system"), text("x")),
      'expected an allowed name to call, found "os.system"',
    ],
    [
      "a call of what a call made",
      call(call(global("ours", "pair"), int(1))),
      "expected an allowed name to call, found a tuple of 1",
    ],
    [
      "a call without a tuple",
      join(global("ours", "pair"), list(), op(opcode.REDUCE)),
      "pickle opcode REDUCE at byte 16: expected a tuple of arguments, found a list of 0",
    ],
    [
      "a call of a type",
      call(global("ours", "type")),
      "pickle opcode REDUCE at byte 15: ours.type: expected something that can be called, found a type",
    ],
    [
      "a call that is refused",
      call(global("ours", "picky")),
      "pickle opcode REDUCE at byte 16: ours.picky: expected cheese, found none",
    ],
    [
      "attributes of a list",
      join(list(), dict({}), op(opcode.BUILD)),
      "pickle opcode BUILD at byte 8: expected attributes of a dictionary, found a dictionary of 0 for a list of 0",
    ],
    [
      "attributes that are none",
      join(dict({}), text("x"), op(opcode.BUILD)),
      'expected attributes of a dictionary, found "x" for a dictionary of 0',
    ],
  ])("%s", ([, piece, message]) => {
    expect(bad(piece)).toContain(message);
  });

  test.for<[number, string]>([
    [0x69, "INST"],
    [0x6f, "OBJ"],
    [0x50, "PERSID"],
    [0x82, "EXT1"],
    [0x92, "NEWOBJ_EX"],
    [0x49, "INT"],
    [0x97, "NEXT_BUFFER"],
    [0xff, "0xff"],
    [0x00, "0x00"],
  ])("opcode %i, which is %s", ([code, name]) => {
    expect(bad(join(none, op(code)))).toBe(
      `pickle opcode ${name} at byte 3: expected an opcode that torch.save writes for tensors, found another`,
    );
  });
});

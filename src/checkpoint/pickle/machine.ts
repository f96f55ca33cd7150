import { opcode, opcodeName } from "./opcode.ts";
import { dictCost, PickleStack } from "./stack.ts";
import { PickleStream } from "./stream.ts";
import { Dict, described, Global, Inert, List, type PickleValue, Refusal } from "./value.ts";

/** What a pickle may refer to beyond plain values. */
export interface PickleEnvironment {
  /** The allowed global of that name; undefined for every other. */
  global(module: string, name: string): Global | undefined;
  /** What a persistent id stands for; throws a Refusal for one that is not understood. */
  persistent(id: PickleValue): PickleValue;
}

/** What remembering a value costs of the budget, for the memory it takes. */
const memoCost = 4;

/** Opcodes that push a value that stands in the bytes after them. */
const literals: Readonly<Record<number, (stream: PickleStream) => PickleValue>> = {
  [opcode.NONE]: () => null,
  [opcode.NEWTRUE]: () => true,
  [opcode.NEWFALSE]: () => false,
  [opcode.BININT]: (stream) => stream.int32(),
  [opcode.BININT1]: (stream) => stream.uint8(),
  [opcode.BININT2]: (stream) => stream.uint16(),
  [opcode.BINFLOAT]: (stream) => stream.float64(),
  [opcode.LONG1]: (stream) => stream.long(stream.uint8()),
  [opcode.LONG4]: (stream) => stream.long(stream.uint32()),
  [opcode.SHORT_BINUNICODE]: (stream) => stream.text(stream.uint8()),
  [opcode.BINUNICODE]: (stream) => stream.text(stream.uint32()),
  [opcode.BINUNICODE8]: (stream) => stream.text(stream.length64()),
  [opcode.SHORT_BINSTRING]: (stream) => stream.text(stream.uint8()),
  [opcode.BINSTRING]: (stream) => stream.text(stream.uint32()),
  [opcode.SHORT_BINBYTES]: (stream) => stream.raw(stream.uint8()),
  [opcode.BINBYTES]: (stream) => stream.raw(stream.uint32()),
  [opcode.BINBYTES8]: (stream) => stream.raw(stream.length64()),
  [opcode.BYTEARRAY8]: (stream) => stream.raw(stream.length64()),
  [opcode.EMPTY_LIST]: () => new List("list"),
  [opcode.EMPTY_TUPLE]: () => new List("tuple"),
  [opcode.EMPTY_SET]: () => new List("set"),
  [opcode.EMPTY_DICT]: () => new Dict(),
};

/**
 * The value a pickle describes, read by the grammar of the pickle language (protocols 2 to 5). The
 * language is a program for a stack machine that can import and call anything. This machine calls
 * nothing: a name is looked up in the environment's list of allowed names, and "calling" one of them
 * builds one of our own values. Any other name or opcode ends the reading; there is no other way in.
 *
 * Depth, number of opcodes and memory are limited.
 *
 * @throws {PickleError} naming opcode and byte, what was expected and what was found
 */
export function unpickled(bytes: Uint8Array, environment: PickleEnvironment): PickleValue {
  return new Machine(bytes, environment).run();
}

class Machine {
  private readonly stream: PickleStream;
  private readonly stack: PickleStack;
  private readonly environment: PickleEnvironment;
  private readonly memo = new Map<number, PickleValue>();

  constructor(bytes: Uint8Array, environment: PickleEnvironment) {
    this.stream = new PickleStream(bytes);
    this.stack = new PickleStack(this.stream);
    this.environment = environment;
  }

  run(): PickleValue {
    const first = this.stream.opcode();
    if (first !== opcode.PROTO) this.stream.refuse("PROTO first", opcodeName(first));
    this.step(first);
    for (let code = this.stream.opcode(); code !== opcode.STOP; code = this.stream.opcode()) {
      this.stack.spend(1);
      const literal = literals[code];
      if (literal === undefined) this.step(code);
      else this.stack.pushNew(literal(this.stream));
    }
    const value = this.stack.pop();
    if (!this.stack.empty) this.stream.refuse("one value on the stack", "more");
    if (this.stream.left > 0) this.stream.refuse("the end", `${this.stream.left} more bytes`);
    return value;
  }

  private step(code: number): void {
    const { stream, stack } = this;
    switch (code) {
      case opcode.PROTO:
        this.protocol(stream.uint8());
        break;
      case opcode.FRAME:
        stream.length64();
        break;
      case opcode.MARK:
        stack.mark();
        break;
      case opcode.POP:
        stack.drop();
        break;
      case opcode.POP_MARK:
        stack.popMark();
        break;
      case opcode.DUP:
        stack.push(stack.top());
        break;
      case opcode.TUPLE:
        stack.pushNew(new List("tuple", stack.popMark()));
        break;
      case opcode.TUPLE1:
      case opcode.TUPLE2:
      case opcode.TUPLE3:
        stack.pushNew(new List("tuple", stack.popMany(code - opcode.TUPLE1 + 1)));
        break;
      case opcode.FROZENSET:
        stack.pushNew(new List("set", stack.popMark()));
        break;
      case opcode.APPEND:
        this.append("list", stack.popMany(1));
        break;
      case opcode.APPENDS:
        this.append("list", stack.popMark());
        break;
      case opcode.ADDITEMS:
        this.append("set", stack.popMark());
        break;
      case opcode.SETITEM:
        this.setItems(stack.popMany(2));
        break;
      case opcode.SETITEMS:
        this.setItems(stack.popMark());
        break;
      case opcode.BINPUT:
        this.remember(stream.uint8());
        break;
      case opcode.LONG_BINPUT:
        this.remember(stream.uint32());
        break;
      case opcode.MEMOIZE:
        this.remember(this.memo.size);
        break;
      case opcode.BINGET:
        this.recall(stream.uint8());
        break;
      case opcode.LONG_BINGET:
        this.recall(stream.uint32());
        break;
      case opcode.GLOBAL:
        this.pushGlobal(stream.line(), stream.line());
        break;
      case opcode.STACK_GLOBAL:
        this.stackGlobal();
        break;
      case opcode.REDUCE:
      case opcode.NEWOBJ:
        this.reduce();
        break;
      case opcode.BINPERSID:
        this.persistent(stack.pop());
        break;
      case opcode.BUILD:
        this.build(stack.pop(), stack.top());
        break;
      default:
        stream.refuse("an opcode that torch.save writes for tensors", "another");
    }
  }

  private protocol(version: number): void {
    if (version < 2 || version > 5) this.stream.refuse("protocol 2 to 5", String(version));
  }

  private append(kind: List["kind"], items: readonly PickleValue[]): void {
    const target = this.stack.top();
    if (!(target instanceof List) || target.kind !== kind) {
      this.stream.refuse(`a ${kind} to append to`, described(target));
    }
    this.stack.spend(items.length);
    target.append(items);
    this.stack.checkDepth(target);
  }

  private setItems(items: readonly PickleValue[]): void {
    const target = this.stack.top();
    if (!(target instanceof Dict)) this.stream.refuse("a dictionary to add to", described(target));
    if (items.length % 2 === 1)
      this.stream.refuse("a value for every key", `${items.length} items`);
    this.stack.spend(items.length + (target.entries.size === 0 ? dictCost : 0));
    for (let i = 0; i < items.length; i += 2) target.set(items[i]!, items[i + 1]!);
    this.stack.checkDepth(target);
  }

  private remember(index: number): void {
    this.stack.spend(memoCost);
    this.memo.set(index, this.stack.top());
  }

  private recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) this.stream.refuse(`a value remembered as ${index}`, "nothing");
    this.stack.push(value);
  }

  private stackGlobal(): void {
    const [module, name] = this.stack.popMany(2);
    if (typeof module !== "string" || typeof name !== "string") {
      this.stream.refuse("two names", `${described(module)} and ${described(name)}`);
    }
    this.pushGlobal(module, name);
  }

  private pushGlobal(module: string, name: string): void {
    const allowed = this.environment.global(module, name);
    if (allowed === undefined) {
      const found = JSON.stringify(`${module}.${name}`.slice(0, 200));
      this.stream.refuse("a name that torch.save writes for tensors", found);
    }
    this.stack.push(allowed);
  }

  private reduce(): void {
    const [callable, args] = this.stack.popMany(2);
    if (!(callable instanceof Global)) {
      this.stream.refuse("an allowed name to call", described(callable));
    }
    if (!(args instanceof List) || args.kind !== "tuple") {
      this.stream.refuse("a tuple of arguments", described(args));
    }
    this.make(() => callable.call(args.items), `${callable.what}: `);
  }

  private persistent(id: PickleValue): void {
    this.make(() => this.environment.persistent(id), "");
  }

  /** Pushes what the environment makes; its refusal gets the opcode and byte. */
  private make(value: () => PickleValue, of: string): void {
    let made: PickleValue;
    try {
      made = value();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw this.stream.error(`${of}${error.message}`);
    }
    this.stack.pushNew(made);
  }

  /** Attributes, such as the versions a state dict carries, hold no weights. */
  private build(state: PickleValue, target: PickleValue): void {
    if (target instanceof Inert || (target instanceof Dict && state instanceof Dict)) return;
    const found = `${described(state)} for ${described(target)}`;
    this.stream.refuse("attributes of a dictionary", found);
  }
}

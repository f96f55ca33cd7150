// Types of the packages that bring none; only what this folder uses.

declare module "@observablehq/runtime" {
  export interface Observer {
    pending?(): void;
    fulfilled?(value: unknown, name?: string | null): void;
    rejected?(error: unknown, name?: string | null): void;
  }

  export interface Variable {
    define(name: string, inputs: readonly string[], definition: unknown): this;
    delete(): this;
    /** 1 is a variable somebody defined, 2 one that only references made, 3 a duplicate. */
    readonly _type: number;
    readonly _name: string | null;
    _version: number;
    readonly _inputs: readonly Variable[];
    readonly _outputs: Set<Variable>;
    _promise: Promise<unknown>;
    readonly _value: unknown;
  }

  export interface Module {
    variable(observer?: Observer | true): Variable;
    readonly _scope: Map<string, Variable>;
  }

  export class Runtime {
    constructor(builtins: Readonly<Record<string, unknown>>, global?: (name: string) => unknown);
    module(): Module;
    dispose(): void;
    _computeSoon(): Promise<void>;
    _computeNow(): Promise<void>;
    readonly _disposed: boolean;
    readonly _variables: Set<Variable>;
  }

  export class RuntimeError extends Error {
    readonly input?: string;
  }
}

declare module "@observablehq/inspector" {
  export class Inspector {
    constructor(node: Element);
    fulfilled(value: unknown, name?: string): void;
  }
}

declare module "@observablehq/inputs";

declare module "htl" {
  export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Node | null;
  export function svg(strings: TemplateStringsArray, ...values: readonly unknown[]): Node | null;
}

import type { Observer, Variable } from "@observablehq/runtime";
import type { Gate } from "./defined-cell.ts";
import type { ReactiveScope } from "./reactive-scope.ts";
import { Invalidated } from "./settled.ts";

/** A variable whose value is set from outside: what reads it is computed only then. */
export function settableVariable(
  scope: ReactiveScope,
  name: string,
  observer?: Observer,
): { readonly variable: Variable; readonly set: Gate["set"] } {
  let release = () => {};
  const first = new Promise((_, reject) => {
    release = () => reject(new Invalidated());
  });
  first.catch(() => {});
  const variable = scope.define(name, [], first, observer);
  return {
    variable,
    set: (definition, inputs = []) => {
      // The runtime computes a variable anew only when its last promise has settled.
      release();
      variable.define(name, inputs, definition);
    },
  };
}

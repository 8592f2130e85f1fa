// Puts the np functions onto arrays as methods; loading this file is what does it.
import type { ArrayBase } from "../array-methods.ts";
import { installMethods } from "../array-methods.ts";
import type { ArrayLike } from "../as-value.ts";
import type { Value } from "../trace.ts";
import * as np from "./index.ts";
import type { ArrayMethods } from "./methods.ts";
import { methodNames } from "./methods.ts";

function methodTable(): ArrayMethods {
  const table: Record<string, unknown> = {};
  const functions: Readonly<Record<string, unknown>> = np;
  for (const name of methodNames) {
    const f = functions[name] as (x: ArrayLike, ...rest: readonly unknown[]) => unknown;
    table[name] = function method(this: ArrayLike, ...rest: readonly unknown[]): unknown {
      return f(this, ...rest);
    };
  }
  return table as ArrayMethods;
}

/** The entries along axis 0, one after the other. */
function* rowsOf(x: ArrayBase): Generator<Value> {
  for (let i = 0; i < x.shape[0]; i++) yield np.slice(x as Value, i);
}

installMethods(methodTable(), rowsOf);

export { np };

// LazyRule: a user's derivative rule as a static parameter, traced only when a derivative asks for it.
import { PhxError } from "../errors.ts";
import type { Structure } from "../primitive.ts";

let ruleCount = 0;

/**
 * Rules are traced late because a rule may call the function that it belongs to. Two rules are the same only if
 * they are the same object. A rule does not travel: devices and stores see the function's program, not its rule.
 */
export class LazyRule<T> implements Structure {
  readonly structureKind = "custom-rule";
  readonly contentHash: string;
  readonly #make: () => T;
  #made: { readonly value: T } | null = null;

  constructor(make: () => T) {
    this.#make = make;
    ruleCount += 1;
    this.contentHash = `rule-${ruleCount}`;
  }

  get(): T {
    this.#made ??= { value: this.#make() };
    return this.#made.value;
  }

  toBytes(): Uint8Array {
    throw new PhxError({
      code: "PHX941",
      what: "a program with a custom derivative rule cannot be stored as it is",
      why: "the rule is a function of the host language",
      fix: "inline the custom calls first (inlineCalls), which keeps what the program computes",
    });
  }
}

// --method and --tolerance: how densities and probabilities are computed, and how accurate they must be.
import type { DensityMethod, EvaluationOptions, Explained, MethodUse } from "@phxlang/runtime";
import type { Invocation } from "../command.ts";
import type { Json } from "../output/json.ts";
import { last, unreadable } from "./declaration.ts";
import type { OptionDeclaration } from "./declaration.ts";
import { readNumber } from "./numbers.ts";

const methods: readonly DensityMethod[] = ["auto", "uniformization", "krylov", "dense"];

const method: OptionDeclaration<DensityMethod | undefined> = {
  flags: "--method <name>",
  description: `how to compute: ${methods.join(", ")}; one that cannot meet the tolerance is an error`,
  read: (texts) => {
    const text = last(texts);
    const found = methods.find((name) => name === text);
    if (found === undefined) {
      throw unreadable(`there is no method "${text}"`, `write one of ${methods.join(", ")}`);
    }
    return found;
  },
  absent: undefined,
};

const tolerance: OptionDeclaration<number | undefined> = {
  flags: "--tolerance <number>",
  description:
    "largest relative error of the method (default: 1e-12); with --method krylov, relative to the largest value",
  read: readTolerance,
  absent: undefined,
};

/** Of fits, which ask for less. */
export const fitTolerance: OptionDeclaration<number | undefined> = {
  flags: "--tolerance <number>",
  description: "largest relative error of each density (default: 1e-8)",
  read: readTolerance,
  absent: undefined,
};

/** As an option of `fit` and its methods. */
export function readFitTolerance(invocation: Invocation): { readonly tolerance?: number } {
  const wanted = invocation.value(fitTolerance);
  return wanted === undefined ? {} : { tolerance: wanted };
}

function readTolerance(texts: readonly string[]): number {
  const value = readNumber(last(texts));
  if (value > 0 && value < 1) return value;
  throw unreadable(`the tolerance is ${value}`, "write a number between 0 and 1, such as 1e-9");
}

export const accuracyOptions: readonly OptionDeclaration<unknown>[] = [method, tolerance];

/** What was asked for, as options of an evaluation. */
export function readAccuracy(invocation: Invocation): EvaluationOptions {
  const wantedMethod = invocation.value(method);
  const wantedTolerance = invocation.value(tolerance);
  return {
    ...(wantedMethod === undefined ? {} : { method: wantedMethod }),
    ...(wantedTolerance === undefined ? {} : { tolerance: wantedTolerance }),
  };
}

/** The methods that were used, for a document. */
export function methodsDocument({ methods: used, errorEstimate }: Explained): Readonly<Record<string, Json>> {
  return { methods: used.map((use) => ({ ...use })), errorEstimate };
}

/** The same as one line, for people. */
export function methodsLine({ methods: used, errorEstimate }: Explained): string {
  const text = ({ method: name, times }: MethodUse): string => `${name} (${times} times)`;
  return `by ${used.map(text).join(", ")}; error estimate ${errorEstimate.toExponential(1)}\n`;
}

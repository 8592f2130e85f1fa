// The options that several commands share, each declared once.
import { readAssignments, readPaths } from "./assignments.ts";
import type { Value } from "./assignments.ts";
import { flag, last } from "./declaration.ts";
import type { OptionDeclaration } from "./declaration.ts";
import { readTimes, readWholeNumber } from "./numbers.ts";
import { readTheta } from "./theta.ts";
import type { ThetaTexts } from "./theta.ts";

export const set: OptionDeclaration<ReadonlyMap<string, Value>> = {
  flags: "-s, --set <name=value>",
  description: "give a constant of the model another value: --set n=20",
  repeatable: true,
  setting: "set",
  read: readAssignments,
  absent: new Map(),
};

export const theta: OptionDeclaration<ThetaTexts> = {
  flags: "-t, --theta <values>",
  description:
    "parameter values, by name (rate=1.5) or all in order (1.5,2); others keep the file's defaults",
  repeatable: true,
  setting: "theta",
  read: readTheta,
  absent: { list: undefined, named: new Map() },
};

export const covariates: OptionDeclaration<ReadonlyMap<string, Value>> = {
  flags: "-w, --with <name=value>",
  description: "give a covariate a value: --with treated=1",
  repeatable: true,
  setting: "with",
  read: readAssignments,
  absent: new Map(),
};

export const data: OptionDeclaration<ReadonlyMap<string, string>> = {
  flags: "-d, --data <name=path>",
  description: "read a data set from this file instead of the one named in the model",
  repeatable: true,
  setting: "data",
  read: readPaths,
  absent: new Map(),
};

export const reward: OptionDeclaration<string | undefined> = {
  flags: "-r, --reward <name>",
  description: "of the accumulated reward instead of the time",
  setting: "reward",
  read: last,
  absent: undefined,
};

export const times: OptionDeclaration<Float64Array | undefined> = {
  flags: "-T, --times <times>",
  description: "from:to:step, or a list such as 1,2,5; default: 21 times that cover 99 % of the distribution",
  setting: "times",
  read: readTimes,
  absent: undefined,
};

export const maxStates: OptionDeclaration<number> = {
  flags: "--max-states <count>",
  description: "stop with an error beyond this many states",
  setting: "max-states",
  read: readWholeNumber(1, 2 ** 31 - 1),
  absent: 10_000_000,
};

export const maxOperations: OptionDeclaration<number> = {
  flags: "--max-operations <count>",
  description: "stop with an error where an elimination takes more multiply-adds",
  setting: "max-operations",
  read: readWholeNumber(1, Number.MAX_SAFE_INTEGER),
  absent: 2e9,
};

export const maxNonzeros: OptionDeclaration<number> = {
  flags: "--max-nonzeros <count>",
  description: "stop with an error where the factors of an elimination hold more numbers",
  setting: "max-nonzeros",
  read: readWholeNumber(1, 2 ** 31 - 1),
  absent: 2e8,
};

export const allowDefective: OptionDeclaration<boolean> = flag(
  "--allow-defective",
  "accept a model that may never stop",
  "allow-defective",
);

/** Whether traces are read and kept: flags that begin with `no-` turn something off that is on. */
export const usesCache: OptionDeclaration<boolean> = {
  ...flag(
    "--no-cache",
    "record the trace anew and keep nothing (PHX_CACHE=off does the same for all commands)",
  ),
  absent: true,
};

/** Whether states with the same future are computed with as one. */
export const usesLumping: OptionDeclaration<boolean> = {
  ...flag("--no-lumping", "compute with every state by itself, though some have the same future"),
  absent: true,
};

export const seed: OptionDeclaration<number> = {
  flags: "--seed <number>",
  description: "seed of the random numbers: the same seed gives the same draws on every machine",
  setting: "seed",
  read: readWholeNumber(0, Number.MAX_SAFE_INTEGER),
  absent: 0,
};

export const gradient: OptionDeclaration<boolean> = flag(
  "--grad",
  "with the exact gradient in the parameters",
);

export const log: OptionDeclaration<boolean> = flag("--log", "the natural logarithm of the values");

export const json: OptionDeclaration<boolean> = flag(
  "--json",
  "one JSON document on standard output",
  "json",
);

export const quiet: OptionDeclaration<boolean> = flag(
  "-q, --quiet",
  "say nothing but results and errors",
  "quiet",
);

export const color: OptionDeclaration<boolean> = {
  ...flag("--no-color", "no colours (the environment variable NO_COLOR says the same)", "color"),
  absent: true,
};

export const out: OptionDeclaration<string | undefined> = {
  flags: "-o, --out <file>",
  description: "write to this file instead of standard output; its ending decides the format",
  read: last,
  absent: undefined,
};

/** Every command has these; --out belongs to those that write files. */
export const outputOptions: readonly OptionDeclaration<unknown>[] = [json, quiet, color];

/** Every command that builds a model has these. */
export const modelOptions: readonly OptionDeclaration<unknown>[] = [
  set,
  maxStates,
  maxOperations,
  maxNonzeros,
  allowDefective,
  usesLumping,
  usesCache,
];

/** Every command that needs parameter values has these. */
export const valueOptions: readonly OptionDeclaration<unknown>[] = [theta, covariates];

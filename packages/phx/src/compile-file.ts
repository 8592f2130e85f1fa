// The model of a file, with the constants and limits that a command was given.
import type { Model } from "@phxlang/runtime";
import type { Invocation } from "./command.ts";
import { compile } from "./compile.ts";
import type { CompileOptions } from "./compile.ts";
import * as common from "./options/common.ts";

export function compileFile(invocation: Invocation, file: string): Model {
  const text = invocation.host.readText(file);
  invocation.texts.set(file, text);
  return compile(text, compileOptions(invocation, file));
}

/** Options of `compile` for a file; texts of files that it uses are kept for messages. */
export function compileOptions(invocation: Invocation, file: string): CompileOptions {
  return {
    source: file,
    constants: Object.fromEntries(invocation.value(common.set)),
    maximumStates: invocation.value(common.maxStates),
    maximumOperations: invocation.value(common.maxOperations),
    maximumNonzeros: invocation.value(common.maxNonzeros),
    lumping: invocation.value(common.usesLumping),
    traceOf: invocation.host.traceOf(invocation.value(common.usesCache)),
    allowDefective: invocation.value(common.allowDefective),
    readFile: (path, from) => {
      const used = invocation.host.readUsedFile(path, from);
      if (used !== null) invocation.texts.set(used.source, used.text);
      return used;
    },
  };
}

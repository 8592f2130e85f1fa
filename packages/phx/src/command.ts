// What a command is: a name, options, examples that the tests run, and a function.
import type { Host } from "./host.ts";
import type { OptionDeclaration, Origin } from "./options/declaration.ts";

export interface Example {
  /** As typed in the root of the repository. */
  readonly line: string;
  readonly says: string;
}

export interface CommandDefinition {
  readonly name: string;
  /** Positional arguments as commander reads them: `<file>`, `[files...]`. */
  readonly words: readonly { readonly name: string; readonly description: string }[];
  readonly summary: string;
  /** More than the summary, where there is more to say. */
  readonly description?: string;
  readonly options: readonly OptionDeclaration<unknown>[];
  readonly examples: readonly Example[];
  /** The exit status; errors are thrown. */
  run(invocation: Invocation): Promise<ExitStatus>;
}

/** 0 fine; 1 the model or the data is wrong; 2 usage; 3 a computation failed; 130 interrupted. */
export type ExitStatus = 0 | 1 | 2 | 3 | 130;

/** One call of a command. */
export interface Invocation {
  readonly host: Host;
  /** The positional arguments. */
  readonly words: readonly string[];
  /** Value of an option of this command, from the strongest source that gives one. */
  value<T>(option: OptionDeclaration<T>): T;
  origin(option: OptionDeclaration<unknown>): Origin;
  /** Texts that diagnostics point into, by source; commands add what they read. */
  readonly texts: Map<string, string>;
  /** The command as one would type it, to do the same again. */
  readonly line: string;
  /** Runs another command line, without the program's name. Never throws; errors go to the host. */
  call(words: readonly string[], host: Host): Promise<ExitStatus>;
  /** Says something on standard error, unless --quiet. */
  note(text: string): Promise<void>;
}

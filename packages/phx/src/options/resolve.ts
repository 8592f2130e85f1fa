// Gathers the texts of an option from all sources, by precedence: flag, environment, phx.toml, default.
import { PhxError } from "@phxlang/autodiff";
import { environmentName, optionName } from "./declaration.ts";
import type { OptionDeclaration, Origin } from "./declaration.ts";

export interface Sources {
  /** Texts after the flag, in order; empty where the flag is absent. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Texts by key, from phx.toml. */
  readonly configuration: ReadonlyMap<string, readonly string[]>;
  readonly configurationPath: string | undefined;
}

export interface Resolved<T> {
  readonly value: T;
  /** The strongest source that had a say. */
  readonly origin: Origin;
}

export function resolveOption<T>(declaration: OptionDeclaration<T>, sources: Sources): Resolved<T> {
  const given = gather(declaration, sources);
  if (given.length === 0) return { value: declaration.absent, origin: "default" };
  const strongest = given[0];
  // Sources of an option that may be repeated add up; they are read one by one first so that an error names its source.
  for (const source of given) readFrom(declaration, source.texts, source.called);
  const texts =
    declaration.repeatable === true ? given.toReversed().flatMap((source) => source.texts) : strongest.texts;
  return { value: readFrom(declaration, texts, strongest.called), origin: strongest.origin };
}

interface Given {
  readonly origin: Origin;
  readonly texts: readonly string[];
  /** How messages call it. */
  readonly called: string;
}

/** Strongest first. */
function gather(declaration: OptionDeclaration<unknown>, sources: Sources): readonly Given[] {
  const given: Given[] = [];
  const name = optionName(declaration);
  const flagTexts = sources.flags.get(name) ?? [];
  if (flagTexts.length > 0) {
    given.push({ origin: "flag", texts: flagTexts, called: declaration.flags.replace(/^-\w, /, "") });
  }
  const { setting } = declaration;
  if (setting === undefined) return given;
  const variable = environmentName(setting);
  const text = sources.environment[variable];
  if (text !== undefined && text !== "") {
    given.push({ origin: "environment", texts: [text], called: `the environment variable ${variable}` });
  }
  const configured = sources.configuration.get(setting);
  if (configured !== undefined) {
    given.push({
      origin: "phx.toml",
      texts: configured,
      called: `the key ${setting} in ${sources.configurationPath ?? "phx.toml"}`,
    });
  }
  return given;
}

/** Reads texts; an error says which source they came from. */
function readFrom<T>(declaration: OptionDeclaration<T>, texts: readonly string[], called: string): T {
  try {
    if (declaration.choices !== undefined) checkChoice(texts[texts.length - 1], declaration.choices);
    return declaration.read(texts);
  } catch (error) {
    if (!(error instanceof PhxError)) throw error;
    const [first] = error.diagnostics;
    throw new PhxError([{ ...first, notes: [`this was given by ${called}`, ...(first.notes ?? [])] }]);
  }
}

function checkChoice(text: string, choices: readonly string[]): void {
  if (choices.includes(text)) return;
  throw new PhxError({
    code: "PHX993",
    what: `"${text}" is none of ${choices.join(", ")}`,
    fix: `write one of ${choices.join(", ")}`,
  });
}

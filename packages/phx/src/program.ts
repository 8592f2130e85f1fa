// The command line: built from the definitions of the commands; runs one and gives its exit status.
import { Command, CommanderError, Option } from "commander";
import type { Argument } from "commander";
import type { CommandDefinition, ExitStatus, Invocation } from "./command.ts";
import { commands } from "./commands/index.ts";
import { addCompletion } from "./completion.ts";
import { reportError } from "./errors.ts";
import type { Host } from "./host.ts";
import * as common from "./options/common.ts";
import { readConfiguration } from "./options/configuration.ts";
import { environmentName, optionName } from "./options/declaration.ts";
import type { OptionDeclaration } from "./options/declaration.ts";
import { resolveOption } from "./options/resolve.ts";
import type { Sources } from "./options/resolve.ts";
import { plain } from "./output/style.ts";
import { translateUsageError } from "./usage.ts";
import { version } from "./version.ts";

/** Runs the command that `args` (without the program's name) ask for. Never throws. */
export async function runCommand(args: readonly string[], host: Host): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const texts = new Map<string, string>();
  // Until a command is found and its settings are read, only the words themselves say how to report.
  let asJson = args.includes("--json");
  let reportHost = args.includes("--no-color") ? withoutColours(host) : host;
  const program = buildProgram(host, {
    texts,
    settle: (invocation) => {
      asJson = invocation.value(common.json);
      reportHost = invocation.host;
    },
    finish: (result) => {
      status = result;
    },
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === "commander.help") return 2;
    const shown = error instanceof CommanderError ? translateUsageError(error, args, program) : error;
    return reportError(shown, reportHost, texts, asJson);
  }
}

/** What a run of a command hands back while it runs. */
interface Run {
  /** Texts that diagnostics point into. */
  readonly texts: Map<string, string>;
  /** Called when the settings are known, before the command does its work. */
  settle(invocation: Invocation): void;
  finish(status: ExitStatus): void;
}

/** The tree of commands, for running, for help and for completion. */
function buildProgram(host: Host, run: Run): Command {
  const program = new Command("phx");
  program
    .description("Markov models of waiting times: exact distributions, gradients and likelihoods.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.out.write(text),
      // Messages about usage are printed by reportError, which knows codes, hints and --json.
      writeErr: (text) => {
        if (!text.startsWith("error:")) void host.err.write(text);
      },
    })
    .showSuggestionAfterError(false)
    .configureHelp({
      showGlobalOptions: false,
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(wordTerm)].join(" "),
    })
    .addHelpText(
      "after",
      `\nExamples:\n${exampleLines(overview)}\nEvery command shows its own examples: phx COMMAND --help`,
    );
  for (const definition of commands) addCommand(program, definition, host, run);
  addCompletion(program);
  return program;
}

const overview = [
  { line: "phx check examples/kingman.phx", says: "is the model well formed?" },
  { line: "phx moments examples/kingman.phx --grad", says: "its moments, with gradients" },
  { line: "phx explain PHX201", says: "what an error code means" },
];

function addCommand(program: Command, definition: CommandDefinition, host: Host, run: Run): void {
  const command = program
    .command(definition.name)
    .summary(definition.summary)
    .helpOption("-h, --help", "show this help");
  command.description(`${definition.summary}\n${definition.description ?? ""}`.trimEnd());
  for (const word of definition.words) command.argument(word.name, word.description);
  const options = [...definition.options, ...common.outputOptions];
  for (const declaration of options) {
    const isOutput = common.outputOptions.includes(declaration);
    const isModel = common.modelOptions.includes(declaration) || common.valueOptions.includes(declaration);
    const group = isOutput ? "Output:" : isModel ? "Model:" : "Options:";
    command.addOption(toCommanderOption(declaration).helpGroup(group));
  }
  command.addHelpText("after", `\nExamples:\n${exampleLines(definition.examples)}`);
  command.action(async () => {
    const sources = gatherSources(command, options, host);
    const invocation = invoke(command, options, sources, host, run.texts);
    run.settle(invocation);
    run.finish(await definition.run(invocation));
  });
}

function wordTerm(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? "..." : "");
  return argument.required ? `<${name}>` : `[${name}]`;
}

function exampleLines(examples: readonly { readonly line: string; readonly says: string }[]): string {
  return examples.map((example) => `  # ${example.says}\n  ${example.line}\n`).join("");
}

/** Commander only collects texts; reading them is the declaration's task, for all sources alike. */
function toCommanderOption(declaration: OptionDeclaration<unknown>): Option {
  const { setting } = declaration;
  const source = setting === undefined ? "" : ` [${environmentName(setting)}]`;
  const option = new Option(declaration.flags, declaration.description + source);
  if (declaration.choices !== undefined) option.argChoices = [...declaration.choices];
  if (option.required || option.optional) {
    option.argParser((text: string, previous: readonly string[] | undefined) => [...(previous ?? []), text]);
  }
  return option;
}

function gatherSources(
  command: Command,
  options: readonly OptionDeclaration<unknown>[],
  host: Host,
): Sources {
  const flags = new Map<string, readonly string[]>();
  for (const [index, declaration] of options.entries()) {
    const attribute = command.options[index].attributeName();
    if (command.getOptionValueSource(attribute) !== "cli") continue;
    const value: unknown = command.getOptionValue(attribute);
    flags.set(optionName(declaration), Array.isArray(value) ? value.map(String) : [String(value)]);
  }
  const path = host.findUpwards("phx.toml");
  const configuration = path === undefined ? new Map() : readConfiguration(host.readText(path), path);
  return { flags, environment: host.environment, configuration, configurationPath: path };
}

function invoke(
  command: Command,
  options: readonly OptionDeclaration<unknown>[],
  sources: Sources,
  host: Host,
  texts: Map<string, string>,
): Invocation {
  const resolve = <T>(declaration: OptionDeclaration<T>) => {
    if (!options.includes(declaration))
      throw new Error(`internal: ${command.name()} has no ${declaration.flags}`);
    return resolveOption(declaration, sources);
  };
  // Wrong settings are reported even by commands that would not have looked at them.
  for (const declaration of options) resolve(declaration);
  const isQuiet = resolve(common.quiet).value;
  const coloured = resolve(common.color).value ? host : withoutColours(host);
  return {
    host: coloured,
    words: command.processedArgs.flat().filter((word): word is string => typeof word === "string"),
    value: (declaration) => resolve(declaration).value,
    origin: (declaration) => resolve(declaration).origin,
    texts,
    line: lineOf(command, options, sources),
    call: runCommand,
    note: async (text) => {
      if (!isQuiet) await coloured.err.write(text.endsWith("\n") ? text : `${text}\n`);
    },
  };
}

/** The command as one would type it: words, then flags in the order of their declarations. */
function lineOf(
  command: Command,
  options: readonly OptionDeclaration<unknown>[],
  { flags }: Sources,
): string {
  const given = options.flatMap((declaration) => {
    const texts = flags.get(optionName(declaration)) ?? [];
    const [name = ""] = /--[a-z-]+/.exec(declaration.flags) ?? [];
    return declaration.flags.includes("<")
      ? texts.flatMap((text) => [name, quoted(text)])
      : texts.length > 0
        ? [name]
        : [];
  });
  const words = command.processedArgs.flat().filter((word): word is string => typeof word === "string");
  return ["phx", command.name(), ...words.map(quoted), ...given].join(" ");
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function withoutColours(host: Host): Host {
  return { ...host, out: { ...host.out, style: plain }, err: { ...host.err, style: plain } };
}

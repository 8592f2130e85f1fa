// Misuse of the command line in phx's own words: commander's errors become PHX990–992.
import { PhxError } from "@phxlang/autodiff";
import type { Command, CommanderError } from "commander";
import { closest } from "@phxlang/dsl";

export function translateUsageError(
  error: CommanderError,
  args: readonly string[],
  program: Command,
): PhxError {
  const command = program.commands.find((candidate) => candidate.name() === args[0]) ?? program;
  const called = command === program ? "phx" : `phx ${command.name()}`;
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  switch (error.code) {
    case "commander.unknownCommand":
      return unknownCommand(quoted, args, program);
    case "commander.unknownOption":
      return unknownOption(quoted, called, command);
    case "commander.missingArgument":
      return new PhxError({
        code: "PHX992",
        what: `\`${called}\` needs ${quoted === "files" ? "at least one file" : `a ${quoted}`}`,
        why: `usage: ${called} ${command.usage()}`,
        fix: `\`${called} --help\` shows examples`,
      });
    case "commander.optionMissingArgument":
      return new PhxError({
        code: "PHX992",
        what: `the option \`${quoted}\` needs a value`,
        fix: `\`${called} --help\` shows what it takes`,
      });
    case "commander.excessArguments":
      return new PhxError({
        code: "PHX992",
        what: `\`${called}\` takes ${error.message.replace(/^.*Expected /s, "").replace(/ arguments? but got (\d+)\.?$/, " and got $1 words")}`,
        why: `usage: ${called} ${command.usage()}`,
        fix: "put values with blanks into quotes; options begin with --",
      });
    default:
      return new PhxError({
        code: "PHX992",
        what: error.message.replace(/^error: /, ""),
        fix: `\`${called} --help\` shows examples`,
      });
  }
}

function unknownCommand(word: string, args: readonly string[], program: Command): PhxError {
  const match = closest(
    word,
    program.commands.map((command) => command.name()),
  );
  const looksLikeFile = word.endsWith(".phx");
  return new PhxError({
    code: "PHX990",
    what: `\`${word}\` is not a command`,
    ...(looksLikeFile ? { why: "the first word names what to do with a file" } : {}),
    fix: looksLikeFile
      ? `\`phx info ${args.join(" ")}\``
      : match === null
        ? "`phx --help` lists the commands"
        : `did you mean \`phx ${match}\`?`,
  });
}

function unknownOption(flag: string, called: string, command: Command): PhxError {
  const names = command
    .createHelp()
    .visibleOptions(command)
    .flatMap((option) => (option.long === undefined ? [] : [option.long]));
  const match = closest(flag.split("=")[0], names);
  return new PhxError({
    code: "PHX991",
    what: `\`${called}\` has no option \`${flag}\``,
    fix: match === null ? `\`${called} --help\` lists the options` : `did you mean \`${match}\`?`,
  });
}

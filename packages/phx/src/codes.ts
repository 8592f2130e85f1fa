// Codes of the facade (979) and of the command line (801, 990–999). `phx explain` prints them.
import type { CodeExplanation } from "@phxlang/autodiff";

export const commandCodes: readonly CodeExplanation[] = [
  {
    code: "PHX801",
    severity: "warning",
    title: "a value is too small to be shown",
    explanation:
      "A density or probability below 5e-324 has no number of its own and is shown as 0. Its logarithm is an ordinary " +
      "number, and phx computes it as such: log-likelihoods are not affected.",
    example: "phx pdf examples/kingman.phx --times 1000",
    repair: "Ask for the logarithm: `--log`.",
  },
  {
    code: "PHX990",
    severity: "error",
    title: "there is no such command",
    explanation: "The first word after `phx` names what to do. This word names nothing that phx can do.",
    example: "phx momets model.phx",
    repair: "`phx --help` lists the commands; a close match is proposed below the message.",
  },
  {
    code: "PHX991",
    severity: "error",
    title: "the command has no such option",
    explanation: "Every option belongs to a command, and misspelt options are refused, never ignored.",
    example: "phx moments model.phx --ordr 3",
    repair: "`phx COMMAND --help` lists the options of a command.",
  },
  {
    code: "PHX992",
    severity: "error",
    title: "an argument is missing, or there is one too many",
    explanation: "Commands take the files and words that their usage line shows, in that order.",
    example: "phx moments",
    repair: "Compare with the usage line of `phx COMMAND --help`.",
  },
  {
    code: "PHX993",
    severity: "error",
    title: "the value of an option cannot be read",
    explanation:
      "The text after an option is not what the option takes: not a number, not a list of times, not a whole " +
      "number where one is needed. The message says where the text came from: the command line, an environment variable, or phx.toml.",
    example: "phx pdf model.phx --times 0:10",
    repair: "Write the value as the help of the command shows it.",
  },
  {
    code: "PHX994",
    severity: "error",
    title: "a name given to an option does not exist in the model",
    explanation:
      "`--set` takes constants, `--theta` parameters, `--with` covariates, `--data` data sets, `--reward` rewards " +
      "and `--cause` stop causes, each by the name it has in the file.",
    example: "phx moments kingman.phx --theta rat=2",
    repair: "`phx info FILE` lists the names of a model.",
  },
  {
    code: "PHX995",
    severity: "error",
    title: "these options do not go together",
    explanation:
      "Two options exclude each other, or one needs another, or one has no meaning for this model (such as a " +
      "density in discrete time).",
    example: "phx pdf model.phx --json --plot",
    repair: "Leave one of them out; the message says which.",
  },
  {
    code: "PHX996",
    severity: "error",
    title: "a file cannot be read or written",
    explanation:
      "The operating system refused. Output files are written beside their destination and then renamed, so a " +
      "failed write leaves what was there before.",
    example: "phx check no-such-file.phx",
    repair: "Check the path, the spelling and the permissions.",
  },
  {
    code: "PHX997",
    severity: "error",
    title: "phx.toml is wrong",
    explanation:
      "phx reads defaults for its options from the nearest phx.toml, in the current directory or above it. A key " +
      "that no option has, or a value of the wrong type, is refused, never ignored.",
    example: "sed = 1   # in phx.toml",
    repair: "docs/cli.md lists the keys.",
  },
  {
    code: "PHX998",
    severity: "error",
    title: "no picture or table can be written in this format",
    explanation: "The ending of the file named by `--out` decides the format.",
    example: "phx pdf model.phx --plot --out density.jpg",
    repair: "Pictures are .svg, .png or .html; tables are .csv or .json.",
  },
  {
    code: "PHX999",
    severity: "error",
    title: "there is no such code",
    explanation: "Codes are `PHX` and three digits.",
    example: "phx explain PHX000",
    repair: "`phx explain` without a code lists all of them.",
  },
];

export const facadeCodes: readonly CodeExplanation[] = [
  {
    code: "PHX979",
    severity: "error",
    title: "there is no such device here",
    explanation: "`devices(kind)` gives the devices of a kind, and never those of another.",
    example: 'devices("abacus")',
    repair: "`phx doctor` says which devices work here.",
  },
];

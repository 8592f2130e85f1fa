// Completion of commands, options and files in bash, zsh, fish and PowerShell.
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/** Adds `phx completion SHELL`, which prints a script, and the hidden command that the script calls. */
export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: "completion" });
  const command = program.commands.find((candidate) => candidate.name() === "completion");
  command
    ?.description("print a script that completes commands and options in your shell")
    .helpOption("-h, --help", "show this help")
    .addHelpText(
      "after",
      "\nExamples:\n  # complete in bash, in this terminal\n  source <(phx completion bash)\n",
    );
}

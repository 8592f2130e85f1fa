// Runs the command line of this process.
import { nodeHost } from "./host.node.ts";
import { runCommand } from "./program.ts";

process.exitCode = await runCommand(process.argv.slice(2), nodeHost());

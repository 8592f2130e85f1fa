// Long work of a command: with progress, checkpoints, and an end by Ctrl-C that keeps what is done.
import { PhxError } from "@phxlang/autodiff";
import { follow } from "@phxlang/inference";
import type { Checkpoint, FitRun } from "@phxlang/inference";
import { checkpointFile } from "../checkpoint-file.ts";
import type { Invocation } from "../command.ts";
import { checkpointPath, resumes } from "./options.ts";
import { progressDisplay } from "./progress.ts";

/**
 * Runs to the end, or to an interruption, after which it says how to go on and gives null. Where no `--checkpoint` was given,
 * an interruption writes the work to `fallback`.
 */
export async function carryOut<F>(
  invocation: Invocation,
  fallback: string,
  start: (resume: { readonly resume?: Checkpoint }) => FitRun<F>,
): Promise<F | null> {
  const { host } = invocation;
  const path = invocation.value(checkpointPath);
  const file = path === undefined ? null : checkpointFile(host, path);
  if (file === null && invocation.value(resumes)) {
    throw new PhxError({
      code: "PHX993",
      what: "--resume without --checkpoint",
      fix: "name the file: --checkpoint out/fit.checkpoint --resume",
    });
  }
  const kept = file !== null && invocation.value(resumes) ? file.read() : null;
  if (kept?.isEarlier === true)
    await invocation.note(`${path} cannot be read: going on from the generation before`);
  const run = start(kept === null ? {} : { resume: kept.checkpoint });
  const signal = host.interruption();
  const display = progressDisplay(invocation);
  try {
    const save = file === null ? {} : { save: file.write };
    for await (const progress of follow(run, { signal, ...save })) display.show(progress);
  } finally {
    await display.end();
  }
  if (!signal.aborted) return run.result();
  if (file === null) checkpointFile(host, fallback).write(run.checkpoint());
  await invocation.note(
    path === undefined
      ? `interrupted; the same command with --checkpoint ${fallback} --resume goes on`
      : `interrupted; the same command with --resume goes on from ${path}`,
  );
  return null;
}

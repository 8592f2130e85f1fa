// Codes of sweeps (978, 986–988). `phx explain` prints them.
import type { CodeExplanation } from "@phxlang/autodiff";

export const sweepCodes: readonly CodeExplanation[] = [
  {
    code: "PHX986",
    severity: "error",
    title: "a directory holds the results of another sweep",
    explanation:
      "Results of a sweep are kept with its plan, sweep.json: the command, the values and the version of phx. Tasks of two " +
      "plans never share a directory.",
    example: "phx sweep --over seed=1..9 --results out/chains -- sample examples/kingman.phx --count 3",
    repair: "Name another directory with `--results`, or remove the old one.",
  },
  {
    code: "PHX987",
    severity: "error",
    title: "the plan of a sweep cannot be read",
    explanation: "`sweep.json` in the directory of results is damaged, or no file of `phx sweep`.",
    example: "phx gather some-directory",
    repair: "Run the sweep again: finished tasks are found and not repeated.",
  },
  {
    code: "PHX988",
    severity: "error",
    title: "tasks of a sweep have no result",
    explanation:
      "A result is written when its task has ended well, all at once. Where the file is absent or damaged, the task has not " +
      "ended, or failed.",
    example: "phx gather out/chains",
    repair: "Run the tasks again, or use `--partial`.",
  },
  {
    code: "PHX978",
    severity: "error",
    title: "tasks of a sweep read different files",
    explanation:
      "Every result holds the hash of each file that was read for it. Results of two versions of a model or of its data are " +
      "never joined.",
    example: "phx gather out/chains",
    repair: "Run the sweep again: only tasks whose files have changed are repeated.",
  },
];

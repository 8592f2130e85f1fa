// Job files for the tasks of a sweep.
import type { SweepPlan } from "./plan.ts";

export const schedulers = ["slurm", "kubernetes", "parallel"] as const;
export type Scheduler = (typeof schedulers)[number];

export interface JobRequest {
  readonly plan: SweepPlan;
  readonly count: number;
  readonly results: string;
  readonly image: string;
}

export function renderTemplate(scheduler: Scheduler, request: JobRequest): string {
  switch (scheduler) {
    case "slurm":
      return slurm(request);
    case "kubernetes":
      return kubernetes(request);
    case "parallel":
      return parallel(request);
  }
}

/** The words of the call that does one task; the scheduler gives the index. */
function sweepWords({ plan, results }: JobRequest, ...more: readonly string[]): string[] {
  const axes = plan.over.flatMap(({ name, values }) => ["--over", `${name}=${shortened(values)}`]);
  return ["sweep", ...axes, "--results", results, ...more, "--", ...plan.command];
}

/** 1,2,3 as 1..3. */
function shortened(values: readonly string[]): string {
  const first = Number(values[0]);
  const isRange = values.length > 2 && values.every((value, i) => value === `${first + i}`);
  return isRange && first >= 0 ? `${first}..${first + values.length - 1}` : values.join(",");
}

function shell(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

function slurm(request: JobRequest): string {
  return `#!/bin/bash
# Each task writes one file into ${request.results}; finished ones are not done again, so that a failed array can be
# submitted once more as it is.
#SBATCH --job-name=phx
#SBATCH --array=0-${request.count - 1}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --mem=2G
#SBATCH --requeue
set -euo pipefail
phx ${shell(sweepWords(request))}
# When all tasks have ended: phx gather ${shell([request.results])}
`;
}

function kubernetes(request: JobRequest): string {
  const args = sweepWords(request).map((word) => `            - ${JSON.stringify(word)}`);
  return `# Results go to a volume that all pods share, mounted at the working directory.
apiVersion: batch/v1
kind: Job
metadata:
  name: phx
spec:
  completionMode: Indexed
  completions: ${request.count}
  parallelism: ${Math.min(request.count, 8)}
  backoffLimit: 6
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: phx
          image: ${JSON.stringify(request.image)}
          workingDir: /work
          command: ["phx"]
          args:
${args.join("\n")}
          volumeMounts:
            - name: work
              mountPath: /work
      volumes:
        - name: work
          persistentVolumeClaim:
            claimName: phx-work
`;
}

function parallel(request: JobRequest): string {
  return `#!/bin/sh
# GNU parallel, on this machine or on those of --sshlogin.
seq 0 ${request.count - 1} | parallel --halt soon,fail=1 phx ${shell(sweepWords(request, "--task", "{}"))}
`;
}

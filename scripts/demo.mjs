// The guided tour: one real model on real data, from the text to a picture. Runs the built command.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const phx = fileURLToPath(new URL("../packages/phx/bin/phx.mjs", import.meta.url));
mkdirSync(new URL("../out/", import.meta.url), { recursive: true });

const tour = [
  {
    says: "Forty-two children with leukaemia, in remission; half of them take a drug. The file\nexamples/remission.phx describes how they relapse. Is it well formed?",
    args: ["check", "examples/remission.phx"],
  },
  { says: "What does it consist of?", args: ["info", "examples/remission.phx"] },
  {
    says: "How long do remissions last without the drug, and how does that answer to each parameter?\nThe gradients are exact, like everything here.",
    args: ["moments", "examples/remission.phx", "--grad"],
  },
  {
    says: "The log-likelihood of the real data, censored patients included, with its gradient.",
    args: ["loglik", "examples/remission.phx", "--grad"],
  },
  {
    says: "A picture: the model against the Kaplan–Meier estimate of both groups. The parameter values are\nthe maximum-likelihood estimate that examples/likelihood.ts finds in five Newton steps.",
    args: [
      "survival",
      "examples/remission.phx",
      "--theta",
      "leave=0.149,effect=1.44",
      "--plot",
      "--observed",
      "--out",
      "out/remission.svg",
    ],
  },
  {
    says: "Another one: hours between failures of an aeroplane's air-conditioning, the density over the data.",
    args: ["pdf", "examples/aircondit.phx", "--plot", "--observed", "--out", "out/aircondit.svg"],
  },
  {
    says: "Now the parameters from the data. With one rate of relapse in each group, theory says what must come out: relapses\nover weeks, 21/182 = 0.115385 and 9/359 = 0.025070, with standard errors 0.025179 and 0.008357.",
    args: ["fit", "examples/leukemia.phx", "--starts", "0"],
  },
  {
    says: "The posterior by the No-U-Turn sampler. With these priors it is known: means 22/183 = 0.1202 and 10/360 = 0.0278,\nstandard deviations 0.0256 and 0.0088.",
    args: [
      "fit",
      "examples/leukemia.phx",
      "-m",
      "nuts",
      "--chains",
      "2",
      "--warmup",
      "200",
      "--draws",
      "400",
      "--report",
      "out/leukemia.html",
    ],
  },
  {
    says: "And by particles that repel each other (Stein variational gradient descent): the same numbers once more.",
    args: ["fit", "examples/leukemia.phx", "-m", "svgd", "--particles", "50", "--iterations", "80"],
  },
];

for (const { says, args } of tour) {
  console.log(`\n${says}\n\n  $ phx ${args.join(" ")}\n`);
  const run = spawnSync(process.execPath, [phx, ...args], { cwd: root, stdio: "inherit" });
  if (run.status !== 0) {
    console.error(`phx ${args.join(" ")} ended with status ${run.status}`);
    process.exit(run.status ?? 3);
  }
}
console.log(`
Look at out/leukemia.html, the report of the No-U-Turn sampler, and at out/remission.svg and out/aircondit.svg in a browser.
Next: README.md leads from here to a model of your own in five minutes.`);

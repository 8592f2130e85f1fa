// Simulates the visits of examples/illness_death.phx: every patient is seen once a year, and deaths are dated exactly.
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { load, random } from "phxlang";
import { exampleFile } from "./example-file.ts";

const followUp = 15;

/** CSV with columns PTNUM, years and state (1 none, 2 mild, 3 severe, 4 dead), as in the package msm for R. */
export async function simulateVisits(patientCount: number, seed: number): Promise<string> {
  const model = await load(exampleFile("illness_death.phx"));
  const key = random.key(seed);
  const lines = ["PTNUM,years,state"];
  for (let patient = 1; patient <= patientCount; patient++) {
    const { times, states } = model.samplePath(random.fold(key, patient), model.defaults);
    const codes = Array.from(states, (state) => model.graph.states.read(state)[0] + 1);
    const death = times[times.length - 1];
    for (let year = 0; year < Math.min(death, followUp); year++) {
      const entered = times.findLastIndex((time) => time <= year);
      lines.push(`${patient},${year},${codes[entered]}`);
    }
    if (death < followUp) lines.push(`${patient},${death.toFixed(3)},4`);
  }
  return `${lines.join("\n")}\n`;
}

if (argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(await simulateVisits(40, 1));

// The workers device: members of mapped programs, and large batches, spread over the threads of a team.
import type { Device, Executable, Mapping, NdArray, Program } from "@phxlang/autodiff";
import { allocate, collectivePrimitives, NdArray as ConcreteArray, PhxError } from "@phxlang/autodiff";
import { cpuDevice } from "../jit/cpu-device.ts";
import { SpreadWork } from "./spread-work.ts";
import type { Stage } from "./stages.ts";
import { stagesOf } from "./stages.ts";
import type { Team } from "./team.ts";

export interface WorkersOptions {
  /** Threads that work, the calling one included. Default: as many as the machine runs at once. */
  readonly threads?: number;
  /** Seconds after which a call gives up with PHX974. Default: none. */
  readonly deadline?: number;
}

const mostThreads = 1024;

const collectives: ReadonlySet<string> = new Set(collectivePrimitives.map(({ name }) => name));

/**
 * A device of `threads` threads on a team whose leader is this thread. What is no batch runs as on the CPU device; results
 * have the same bits for every number of threads.
 */
export function workersDevice(team: Team, threads: number, deadline: number): Device {
  const limits = { helpers: threads - 1, deadline };
  return {
    name: "workers",
    synchronous: true,
    ...workersAbilities(threads),
    compile: (program) => cpuDevice.compile(program),
    compileMapped: (program, mapping) =>
      mappedExecutable(program, mapping, (work, inputs) => team.run(work, inputs, limits)),
  };
}

/** What such a device has and holds, wherever its threads are. */
export function workersAbilities(threads: number): Pick<Device, "limits" | "supports"> {
  return {
    limits: { ...cpuDevice.limits, threads },
    supports: (primitive, operands) =>
      collectives.has(primitive.name) || cpuDevice.supports(primitive, operands),
  };
}

const opened = new Map<string, Device>();

/** The one device of these options, made by `make` when first asked for. */
export function deviceFor(
  { threads, deadline = Infinity }: WorkersOptions,
  available: number,
  make: (threads: number, deadline: number) => Device,
): Device {
  const count = threads ?? available;
  if (!Number.isInteger(count) || count < 1 || count > mostThreads) {
    throw optionError("threads", count, `a whole number from 1 to ${mostThreads}`);
  }
  if (!(deadline > 0)) throw optionError("deadline", deadline, "a time in seconds, more than 0");
  const key = `${count} ${deadline}`;
  let device = opened.get(key);
  if (device === undefined) opened.set(key, (device = make(count, deadline)));
  return device;
}

function optionError(option: string, given: number, needed: string): PhxError {
  return new PhxError({
    code: "PHX976",
    what: `the option ${option} of the device "workers" is ${given}`,
    why: `it must be ${needed}`,
    fix: "leave it out for the default",
  });
}

type RunSpread = (work: SpreadWork, inputs: readonly NdArray[]) => readonly NdArray[];

function mappedExecutable(program: Program, mapping: Mapping, runSpread: RunSpread): Executable {
  const stages = stagesOf(program, mapping).map((stage) => ({
    ...stage,
    run: runOf(stage, mapping.size, runSpread),
  }));
  const { constants, outputs } = program;
  return {
    run(inputs) {
      const values: (NdArray | undefined)[] = [...inputs, ...constants];
      const isMapped: boolean[] = [...mapping.mappedInputs, ...constants.map(() => false)];
      for (const stage of stages) {
        const results = stage.run(stage.inputs.map((variable) => values[variable] as NdArray));
        stage.outputs.forEach((variable, i) => {
          values[variable] = results[i];
          isMapped[variable] = stage.mappedOutputs[i];
        });
      }
      return Array.from(outputs, (variable) => {
        const value = values[variable] as NdArray;
        return isMapped[variable] ? value : repeated(value, mapping.size);
      });
    },
  };
}

function runOf(stage: Stage, size: number, runSpread: RunSpread): Executable["run"] {
  if (stage.kind === "together") {
    const executable = cpuDevice.compile(stage.program);
    return (inputs) => executable.run(inputs);
  }
  const work = new SpreadWork(stage.program, stage.mappedInputs, size);
  return (inputs) => runSpread(work, inputs);
}

/** The array once for each member. */
function repeated({ elements, shape, dtype, weak }: NdArray, size: number): NdArray {
  const copies = allocate(dtype, size * elements.length);
  for (let member = 0; member < size; member++) copies.set(elements, member * elements.length);
  return new ConcreteArray(copies, [size, ...shape], dtype, weak);
}

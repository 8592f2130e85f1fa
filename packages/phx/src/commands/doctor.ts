// phx doctor: what is installed, what works here, and which settings are in force.
import type { Device, Value } from "@phxlang/autodiff";
import { grad, makePmap, np, vmap } from "@phxlang/autodiff";
import { isWebGpu } from "@phxlang/gpu";
import { cpuDevice } from "@phxlang/runtime";
import type { CommandDefinition } from "../command.ts";
import { compile } from "../compile.ts";
import { awaited, jacobianOf } from "../derivatives.ts";
import { devices } from "../devices.ts";
import type { SystemFact } from "../host.ts";
import * as common from "../options/common.ts";
import { environmentName } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { exactNumber } from "../output/numbers.ts";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import { present } from "../present.ts";
import { numbersOf } from "../numbers-of.ts";
import { version } from "../version.ts";

const settings: readonly OptionDeclaration<unknown>[] = [
  common.seed,
  common.maxStates,
  common.allowDefective,
];

export const doctor: CommandDefinition = {
  name: "doctor",
  words: [],
  summary: "versions, devices, cache directory, what works here",
  options: settings,
  examples: [{ line: "phx doctor", says: "is everything in order?" }],
  run: async (invocation) => {
    const facts = [
      { name: "phx", status: "ok", detail: version } as const,
      ...(await invocation.host.describeSystem()),
      await checkArithmetic(),
      ...(await checkDevices()),
    ];
    const inForce = settings
      .filter((declaration) => declaration.setting !== undefined)
      .map((declaration) => ({
        name: declaration.setting ?? "",
        value: String(invocation.value(declaration)),
        origin: invocation.origin(declaration),
      }));
    await present(invocation, {
      json: () => ({ facts: facts.map((fact) => ({ ...fact })), settings: inForce }),
      text: (style) =>
        facts.map((fact) => `${sign(fact, style)} ${fact.name.padEnd(14)} ${fact.detail}\n`).join("") +
        `\n${renderTable(
          [
            { title: "setting", cells: inForce.map((setting) => setting.name) },
            { title: "value", cells: inForce.map((setting) => setting.value) },
            {
              title: "from",
              cells: inForce.map((setting) =>
                setting.origin === "environment" ? environmentName(setting.name) : setting.origin,
              ),
            },
          ],
          style,
        )}`,
    });
    return facts.some((fact) => fact.status === "broken") ? 3 : 0;
  },
};

function sign(fact: SystemFact, style: Style): string {
  if (fact.status === "ok") return style("green", "✓");
  return fact.status === "absent" ? style("dim", "–") : style("red", "✗");
}

/** Every kind of device; WebGPU with both of its numbers. */
async function checkDevices(): Promise<readonly SystemFact[]> {
  return [
    await checkDevice("device cpu", () => devices("cpu"), 0),
    await checkDevice("device workers", () => devices("workers"), 0),
    await checkWebGpu("f32", 1e-6),
    await checkWebGpu("f64x", 1e-12),
  ];
}

/** What a device holds, and whether it computes what the engine's own rules compute, to a relative difference. */
async function checkDevice(
  name: string,
  open: () => readonly Device[] | Promise<readonly Device[]>,
  tolerance: number,
): Promise<SystemFact> {
  try {
    const [device] = await open();
    const slope = grad((x: Value) => x.sin().mul(x.exp()));
    const points = np.arange(64).div(8);
    const found = await awaited(makePmap(device)(slope)(points));
    const isRight = numbersOf(vmap(slope)(points)).every(
      (value, i) => Object.is(value, found[i]) || Math.abs(value - found[i]) <= tolerance * 3000,
    );
    const detail = isRight ? describeDevice(device) : "a known gradient comes out wrong";
    return { name, status: isRight ? "ok" : "broken", detail };
  } catch (error) {
    return { name, status: "broken", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** A machine without a GPU lacks nothing that phx needs. */
async function checkWebGpu(precision: "f32" | "f64x", tolerance: number): Promise<SystemFact> {
  const name = `webgpu ${precision}`;
  const fact = await checkDevice(name, () => devices("webgpu", { precision }), tolerance);
  if (fact.status !== "broken" || !fact.detail.startsWith("PHX967")) return fact;
  const [what = ""] = fact.detail.slice("PHX967: ".length).split("\n");
  return { name, status: "absent", detail: `${what} (phx explain PHX967)` };
}

function describeDevice(device: Device): string {
  const { dtypes, arrayBytes, threads } = device.limits;
  const size = `${dtypes.join(", ")}; arrays up to ${arrayBytes / 2 ** 30} GiB`;
  if (isWebGpu(device)) return `${device.adapterName}; ${size}`;
  return `${threads} ${threads === 1 ? "thread" : "threads"}; ${size}`;
}

/** The whole way from a text to a gradient, against values known exactly. */
async function checkArithmetic(): Promise<SystemFact> {
  const name = "arithmetic";
  try {
    const model = compile(
      "model probe\nparam rate > 0 = 1\nstate k in 1..5\nstart: k = 5\nstop when k == 1\nevent fall: k -= 1 @ rate * choose(k, 2)\n",
    );
    const theta = Float64Array.of(2);
    const [mean] = numbersOf(model.mean(theta));
    const [slope] = await jacobianOf((at) => model.mean(at), theta, cpuDevice);
    const isRight = Math.abs(mean - 0.8) < 1e-15 && Math.abs(slope + 0.4) < 1e-15;
    return isRight
      ? { name, status: "ok", detail: "a known mean and its gradient come out right" }
      : {
          name,
          status: "broken",
          detail: `a mean of 0.8 came out as ${exactNumber(mean)}, its slope of −0.4 as ${exactNumber(slope)}`,
        };
  } catch (error) {
    return { name, status: "broken", detail: error instanceof Error ? error.message : String(error) };
  }
}

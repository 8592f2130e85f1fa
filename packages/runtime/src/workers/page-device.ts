// The workers device of a page, whose own thread may not wait: results are under way until `await x.data()`.
import type { ArrayType, Device, Executable, Mapping, Primitive, Program } from "@phxlang/autodiff";
import { inlineAllCalls, mapPrimitiveOf, NdArray, outputTypes, sizeOf } from "@phxlang/autodiff";
import type { CoordinatorLink } from "./coordinator-link.ts";
import { RemoteBuffer } from "./remote-buffer.ts";
import { stagesOf } from "./stages.ts";
import { workersAbilities } from "./workers-device.ts";

/** `connect` starts a coordinator; another one takes over after the first has died. */
export function pageDevice(connect: () => CoordinatorLink, threads: number): Device {
  const released = new FinalizationRegistry(({ link, result }: { link: CoordinatorLink; result: number }) => {
    if (link.isOpen) link.send({ kind: "release", results: [result], executables: [] });
  });
  const dropped = new FinalizationRegistry(({ link, number }: { link: CoordinatorLink; number: number }) => {
    if (link.isOpen) link.send({ kind: "release", results: [], executables: [number] });
  });
  let line: CoordinatorLink | null = null;

  const device: Device = {
    name: "workers",
    synchronous: false,
    ...workersAbilities(threads),
    // The coordinator knows maps of its own device, and nothing else that runs programs.
    compile: (program) =>
      remote(
        inlineAllCalls(program, (candidate) => candidate !== maps()),
        null,
      ),
    compileMapped(program, mapping) {
      // What cannot be spread is refused here and now.
      stagesOf(program, mapping);
      return remote(program, mapping);
    },
  };
  const maps = (): Primitive => mapPrimitiveOf(device);

  const remote = (program: Program, mapping: Mapping | null): Executable => {
    const types = outputTypes(program).map((type): ArrayType =>
      mapping === null ? type : { ...type, shape: [mapping.size, ...type.shape] },
    );
    let own: { readonly link: CoordinatorLink; readonly number: number } | null = null;
    const executable: Executable = {
      run(inputs) {
        if (line === null || !line.isOpen) line = connect();
        const link = line;
        if (own?.link !== link) {
          own = { link, number: link.next() };
          link.send({ kind: "compile", executable: own.number, program: link.plain(program), mapping });
          dropped.register(executable, own);
        }
        const results = types.map(() => link.next());
        const sent = inputs.map((input) => link.input(input));
        link.send({ kind: "run", executable: own.number, inputs: sent, results });
        return types.map(({ shape, dtype, weak }, i) => {
          const buffer = new RemoteBuffer(link, results[i], sizeOf(shape));
          released.register(buffer, { link, result: results[i] });
          return new NdArray(buffer, shape, dtype, weak);
        });
      },
    };
    return executable;
  };

  return device;
}

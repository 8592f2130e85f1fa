// Two generations of a checkpoint: one of them is whole at any moment.
import { PhxError } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { checkpointFile } from "../src/checkpoint-file.ts";

function filesInMemory() {
  const files = new Map<string, string>();
  return {
    files,
    host: {
      readText(path: string): string {
        const text = files.get(path);
        if (text === undefined) throw new PhxError({ code: "PHX996", what: `no file ${path}` });
        return text;
      },
      writeFile: (path: string, content: string | Uint8Array) => void files.set(path, String(content)),
    },
  };
}

const state = (iteration: number) => ({
  method: "nuts",
  identity: { model: "m", data: "d", options: "o" },
  state: { iteration, values: Float64Array.of(0.1, Number.NaN, -0, Infinity) },
});

test("the newest generation is read, and the one before where it is damaged", () => {
  const { files, host } = filesInMemory();
  const file = checkpointFile(host, "fit");
  expect(() => file.read()).toThrow("PHX996");
  file.write(state(1));
  file.write(state(2));
  expect(file.read()).toEqual({ checkpoint: state(2), isEarlier: false });
  files.set("fit", (files.get("fit") ?? "").slice(0, -20));
  expect(file.read()).toEqual({ checkpoint: state(1), isEarlier: true });
  files.delete("fit");
  expect(file.read()).toEqual({ checkpoint: state(1), isEarlier: true });
});

// moduleText: the WGSL module of one kernel, with the functions that it calls and no others.
import type { KernelBody } from "./schedule.ts";

/** Declarations of a WGSL text (functions, constants, variables), each with what it mentions. */
export class FunctionLibrary {
  readonly #declarations = new Map<string, string>();
  readonly #mentions = new Map<string, readonly string[]>();

  /** Adds all declarations of a text. */
  add(text: string): void {
    for (const declaration of splitDeclarations(text)) {
      const name = /\b(?:fn|const|alias|struct|override|var(?:<[^>]*>)?)\s+([A-Za-z_]\w*)/.exec(
        declaration,
      )?.[1];
      if (name !== undefined) this.#declarations.set(name, declaration);
    }
  }

  /** The declarations that a text needs, directly or through others, in the order in which they were added. */
  neededBy(text: string): readonly string[] {
    const needed = new Set<string>();
    const pending = [...this.#namesIn(text)];
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (needed.has(name)) continue;
      needed.add(name);
      let mentions = this.#mentions.get(name);
      if (mentions === undefined) {
        mentions = [...this.#namesIn(this.#declarations.get(name) ?? "")];
        this.#mentions.set(name, mentions);
      }
      pending.push(...mentions);
    }
    return Array.from(this.#declarations).flatMap(([name, declaration]) =>
      needed.has(name) ? [declaration] : [],
    );
  }

  *#namesIn(text: string): Iterable<string> {
    for (const [name] of text.matchAll(/[A-Za-z_]\w*/g)) if (this.#declarations.has(name)) yield name;
  }
}

/** Top-level declarations: each ends with the brace that closes it, or with a semicolon outside of braces. */
function splitDeclarations(text: string): string[] {
  const plain = text.replaceAll(/\/\/[^\n]*/g, "").replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const declarations: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < plain.length; i++) {
    const letter = plain[i];
    if (letter === "{") depth += 1;
    const closes = letter === "}" && --depth === 0;
    if (!closes && !(letter === ";" && depth === 0)) continue;
    declarations.push(plain.slice(start, i + 1).trim());
    start = i + 1;
  }
  return declarations;
}

const header = `@group(0) @binding(0) var<storage, read_write> memory: array<u32>;
@group(0) @binding(1) var<uniform> uniform_zero: u32;
@group(0) @binding(2) var<storage, read> constants: array<u32>;
// A copy: reading a uniform at every operation is slow on some drivers.
var<private> phx_zero: u32;
`;

export function moduleText({ lines, workgroupSize }: KernelBody, library: FunctionLibrary): string {
  const body = lines.join("\n");
  const needed = library.neededBy(body);
  const shared = body.includes("shared_word") ? "var<workgroup> shared_word: u32;\n" : "";
  return `${header}${shared}${needed.join("\n")}
@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
phx_zero = uniform_zero;
${body}
}
`;
}

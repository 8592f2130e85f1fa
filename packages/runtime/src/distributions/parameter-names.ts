// Names of the entries of θ.
import type { ParameterDeclaration } from "@phxlang/graph";

/** One name per entry of θ: `rate`, `alpha[1]`, `q[2,3]`. */
export function parameterNames(parameters: readonly ParameterDeclaration[]): string[] {
  return parameters.flatMap(({ name, shape, indexFrom, size }) => {
    if (shape.length === 0) return [name];
    return Array.from({ length: size }, (_, flat) => {
      const index: number[] = [];
      let rest = flat;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        index.unshift((rest % shape[axis]) + indexFrom[axis]);
        rest = Math.floor(rest / shape[axis]);
      }
      return `${name}[${index.join(",")}]`;
    });
  });
}

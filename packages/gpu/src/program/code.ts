// Code: the lines of a WGSL function body while it is written, with names for what they define.

/** Writes statements in order. `weight` counts operations, roughly: it bounds what one kernel holds. */
export class Code {
  readonly lines: string[] = [];
  weight = 0;
  #next = 0;

  /** A name that no other line of this body uses. */
  name(prefix: string): string {
    return `${prefix}${this.#next++}`;
  }

  add(statement: string): void {
    this.lines.push(statement);
    this.weight += 1;
  }

  /** The value of an expression, under a name. */
  let(expression: string): string {
    const name = this.name("v");
    this.add(`let ${name} = ${expression};`);
    return name;
  }

  /** A variable that `set` changes. */
  variable(expression: string): string {
    const name = this.name("x");
    this.add(`var ${name} = ${expression};`);
    return name;
  }

  set(variable: string, expression: string): void {
    this.add(`${variable} = ${expression};`);
  }

  /** Runs the body for from, from + 1, … below to (u32). */
  for(from: string, to: string, body: (index: string) => void): void {
    const index = this.name("j");
    this.block(`for (var ${index} = ${from}; ${index} < ${to}; ${index} += 1u) {`, () => body(index));
  }

  if(condition: string, body: () => void, otherwise?: () => void): void {
    this.block(`if (${condition}) {`, body);
    if (otherwise === undefined) return;
    this.lines.pop();
    this.block("} else {", otherwise);
  }

  block(head: string, body: () => void): void {
    this.add(head);
    body();
    this.lines.push("}");
  }
}

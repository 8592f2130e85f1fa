// An independent account of what a model does: plain objects, a map of states, no typed arrays and no bytecode.

export type State = Readonly<Record<string, number>>;

export interface Move {
  readonly change: Readonly<Record<string, number>>;
  readonly rate: number;
}

export interface PlainModel {
  readonly start: readonly { readonly state: State; readonly weight: number }[];
  /** All moves with their rates; a rate of exactly 0 is no move. */
  readonly moves: (state: State, epoch: number) => readonly Move[];
  readonly stops: (state: State, epoch: number) => boolean;
  /** What states become when later epochs begin. */
  readonly enter?: readonly ((state: State) => State)[];
}

export interface PlainGraph {
  readonly states: ReadonlySet<string>;
  /** "from → to" in each epoch, with the sum of the rates. */
  readonly edges: readonly ReadonlyMap<string, number>[];
}

/** `b[2]=1, …` with the names sorted, so that the order of cells does not matter. */
export function keyOf(state: State): string {
  return Object.keys(state)
    .sort()
    .map((name) => `${name}=${state[name]}`)
    .join(", ");
}

/** Cells become what `change` says they become: it holds new values, not differences. */
export function enumerate(model: PlainModel): PlainGraph {
  const all = new Map<string, State>();
  const edges: Map<string, number>[] = [];
  let entering = model.start.map(({ state }) => state);
  for (let epoch = 0; epoch <= (model.enter?.length ?? 0); epoch++) {
    const found = new Map(entering.map((state) => [keyOf(state), state]));
    const queue = [...found.values()];
    const rates = new Map<string, number>();
    for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
      if (model.stops(state, epoch)) continue;
      for (const { change, rate } of model.moves(state, epoch)) {
        if (rate === 0) continue;
        const target = { ...state, ...change };
        const edge = `${keyOf(state)} → ${keyOf(target)}`;
        rates.set(edge, (rates.get(edge) ?? 0) + rate);
        if (found.has(keyOf(target))) continue;
        found.set(keyOf(target), target);
        queue.push(target);
      }
    }
    edges.push(rates);
    for (const [key, state] of found) all.set(key, state);
    const next = model.enter?.[epoch];
    if (next !== undefined) {
      // States that have stopped stay as they are.
      entering = [...found.values()].filter((state) => !model.stops(state, epoch)).map(next);
    }
  }
  return { states: new Set(all.keys()), edges };
}

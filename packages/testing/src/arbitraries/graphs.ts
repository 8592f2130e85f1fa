// graphs: random state graphs with the shape that a test asks for.
import * as fc from "fast-check";
import type { Chain, ChainEdge } from "../chain.ts";
import { chainModel, chainSource, chainTheta } from "../chain.ts";
import type { Model } from "@phxlang/runtime";
import { printed } from "./printed.ts";

/**
 * "acyclic": no state is met twice. "cyclic": blocks of states that lead back to each other. "stiff": cyclic, with
 * coefficients over twelve powers of ten. "defective": some state never stops. "lumpable": states come in groups
 * that an exact lumping merges.
 */
export type GraphShape = "acyclic" | "cyclic" | "stiff" | "defective" | "lumpable";

export interface GraphOptions {
  /** Default: cyclic. */
  readonly shape?: GraphShape;
  /** Sizes of the strongly connected components in the order in which a path meets them. Default: random. */
  readonly components?: readonly number[];
  /** Largest number of components where their sizes are random; default 4. */
  readonly mostComponents?: number;
}

/** A random chain with its text and its model. */
export interface RandomGraph extends Chain {
  readonly source: string;
  /** Groups that lumping merges, by state; only of the shape "lumpable". */
  readonly groups: readonly number[] | null;
  readonly model: Model;
  /** θ of `model`, where it was drawn. */
  readonly point: readonly number[];
}

interface Link {
  readonly coefficient: number;
  readonly parameter: number;
}

const parameterCount = 3;

/** Random graphs; every state is reached, and every state can stop unless the shape is "defective". */
export function graphs(options: GraphOptions = {}): fc.Arbitrary<RandomGraph> {
  const { shape = "cyclic", mostComponents = 4 } = options;
  const largest = shape === "acyclic" ? 1 : 3;
  const sizes =
    options.components === undefined
      ? fc.array(fc.integer({ min: 1, max: largest }), { minLength: 1, maxLength: mostComponents })
      : fc.constant([...options.components]);
  const link = links(shape);
  return fc
    .record({
      sizes,
      onward: fc.array(link, { minLength: 1, maxLength: 24 }),
      extra: fc.array(fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 24 }), link), { maxLength: 8 }),
      startWeights: fc.array(fc.nat({ max: 3 }), { maxLength: 6 }),
      theta: fc.tuple(...Array.from({ length: parameterCount }, () => fc.integer({ min: 1, max: 30 }))),
      rewards: fc.array(fc.nat({ max: 4 }), { maxLength: 6 }),
      copies: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 }),
    })
    .map((drawn) => {
      const blocks = blockOfState(drawn.sizes);
      const base: Chain = {
        stateCount: blocks.length,
        edges: connect(blocks, drawn.onward, drawn.extra),
        startWeights: blocks.map((_, i) => (drawn.startWeights[i] ?? 0) + (i === 0 ? 1 : 0)),
        theta: drawn.theta.map((tenths) => tenths / 10),
        rewards: blocks.map((_, i) => drawn.rewards[i] ?? 1),
        defective: false,
      };
      if (shape === "defective") return finish(withTrap(base), null);
      if (shape === "lumpable") {
        const { chain, groups } = spread(base, drawn.copies);
        return finish(chain, groups);
      }
      return finish(base, null);
    });
}

function links(shape: GraphShape): fc.Arbitrary<Link> {
  const digit = fc.integer({ min: 1, max: 9 });
  const power = shape === "stiff" ? fc.integer({ min: -6, max: 6 }) : fc.constant(0);
  return fc
    .tuple(digit, power, fc.nat({ max: parameterCount - 1 }))
    .map(([one, ten, parameter]) => ({ coefficient: Number(`${one}e${ten}`), parameter }));
}

/** Block of each state; states of a block are neighbours. */
function blockOfState(sizes: readonly number[]): number[] {
  return sizes.flatMap((size, block) => Array.from({ length: size }, () => block));
}

/**
 * Inside a block a ring; from the last state of each block on to the next block, at the end to the stop state; then
 * the extra links that keep the order of the blocks.
 */
function connect(
  blocks: readonly number[],
  onward: readonly Link[],
  extra: readonly (readonly [number, number, Link])[],
): ChainEdge[] {
  const count = blocks.length;
  const edges = new Map<string, ChainEdge>();
  const add = (from: number, to: number, { coefficient, parameter }: Link): void => {
    if (from === to || edges.has(`${from} ${to}`)) return;
    edges.set(`${from} ${to}`, { from, to, coefficient, parameter });
  };
  blocks.forEach((block, i) => {
    const isLast = i + 1 === count || blocks[i + 1] !== block;
    add(i, i + 1, onward[(2 * i) % onward.length]);
    if (isLast) add(i, blocks.indexOf(block), onward[(2 * i + 1) % onward.length]);
  });
  for (const [a, b, link] of extra) {
    const from = a % count;
    const to = b % (count + 1);
    if (to === count || blocks[to] >= blocks[from]) add(from, to, link);
  }
  return [...edges.values()];
}

/** Two states more that lead to each other and nowhere else, reached from the first state. */
function withTrap(chain: Chain): Chain {
  const { stateCount } = chain;
  const stop = stateCount + 2;
  const moved = chain.edges.map((edge) => ({ ...edge, to: edge.to === stateCount ? stop : edge.to }));
  const one = { coefficient: 1, parameter: 0 };
  return {
    ...chain,
    stateCount: stop,
    edges: [
      ...moved,
      { from: 0, to: stateCount, ...one },
      { from: stateCount, to: stateCount + 1, ...one },
      { from: stateCount + 1, to: stateCount, ...one },
    ],
    startWeights: [...chain.startWeights, 0, 0],
    rewards: [...chain.rewards, 1, 1],
    defective: true,
  };
}

/**
 * Each state becomes a group of copies: every copy sends the rate of an edge to one copy of the target's group, a
 * different one each, so that the groups behave as the states did.
 */
function spread(chain: Chain, copies: readonly number[]): { chain: Chain; groups: number[] } {
  const sizes = Array.from({ length: chain.stateCount }, (_, i) => copies[i % copies.length]);
  const firsts: number[] = [];
  let count = 0;
  for (const size of sizes) {
    firsts.push(count);
    count += size;
  }
  const groups = blockOfState(sizes);
  const edges = chain.edges.flatMap((edge) =>
    Array.from({ length: sizes[edge.from] }, (_, c): ChainEdge => {
      const to = edge.to === chain.stateCount ? count : firsts[edge.to] + (c % sizes[edge.to]);
      return { ...edge, from: firsts[edge.from] + c, to };
    }),
  );
  return {
    groups,
    chain: {
      ...chain,
      stateCount: count,
      edges,
      // All copies of a group may be started in, so that all are reached.
      startWeights: groups.map((group) => chain.startWeights[group] + (sizes[group] > 1 ? 1 : 0)),
      rewards: groups.map((group) => chain.rewards[group]),
    },
  };
}

function finish(chain: Chain, groups: readonly number[] | null): RandomGraph {
  const graph = {
    ...chain,
    groups,
    source: chainSource(chain),
    model: chainModel(chain),
    point: chainTheta(chain),
  };
  return printed(graph, () => graph.source);
}

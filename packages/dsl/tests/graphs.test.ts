// Rules of the state graph by example: rest, self-loops, epochs, causes, starts, rewards, structural zeros.
import { PhxError } from "@phxlang/autodiff";
import { compile } from "@phxlang/dsl";
import type { DslModel } from "@phxlang/dsl";
import { explore } from "@phxlang/graph";
import type { LinearForms, MarkovGraph } from "@phxlang/graph";
import { describe, expect, test } from "vitest";
import { edgeRates, rowValue, stateKeys } from "./support/graphs.ts";

function built(text: string): { readonly model: DslModel; readonly graph: MarkovGraph } {
  const model = compile(text);
  return { model, graph: explore(model.description.callback) };
}

function ratesOf(text: string, z: readonly number[] = []): Readonly<Record<string, number>> {
  return Object.fromEntries(edgeRates(built(text).graph, z)[0]);
}

function errorOf(text: string): string {
  try {
    built(text);
  } catch (error) {
    if (error instanceof PhxError) return `${error.code} ${error.diagnostics[0].message}`;
    throw error;
  }
  return "no error";
}

const walk = `discrete model walk
param p in 0..1 = 0.5
state x in 0..3
start: x = 1
stop when x == 0 or x == 3
`;

describe("rest", () => {
  test("is what the other events leave", () => {
    const text = `${walk}event stay: x = x @ rest\nevent up: x += 1 @ p / 2\nevent down: x -= 1 @ 0.25`;
    expect(ratesOf(text, [0.5])).toEqual({
      "x=1 → x=0": 0.25,
      "x=1 → x=1": 0.5,
      "x=1 → x=2": 0.25,
      "x=2 → x=1": 0.25,
      "x=2 → x=2": 0.5,
      "x=2 → x=3": 0.25,
    });
  });

  test("makes no edge where nothing is left", () => {
    const text = `${walk}event up: x += 1 @ 0.1 * 3\nevent down: x -= 1 @ 0.7\nevent stay: x = x @ rest`;
    expect(Object.keys(ratesOf(text, [0.5]))).not.toContain("x=1 → x=1");
  });
});

describe("a transition to the same state", () => {
  const text = `model m
state q in 0..2
start: q = 2
stop when q == 0
event tick: q = q @ 3
event serve: q -= 1 @ 1
`;
  test("is refused in continuous time", () => {
    expect(errorOf(text)).toBe("PHX708 event `tick` leads back to the same state (q = 2) in continuous time");
  });

  test("is kept for its reward", () => {
    const { model, graph } = built(`${text}reward ticks on tick = q`);
    const forms = model.description.rewards[0].impulseForms(graph, 0);
    expect(forms).not.toBeNull();
    expect([...(forms?.coefficients ?? [])]).toEqual([1, 2]);
  });
});

describe("a structurally zero rate", () => {
  test("makes no edge, and its changes are not tried", () => {
    const text = "model m\nparam m > 0 = 1\nstate a in 0..2\nstart: a = 2\nevent die: a -= 1 @ m * a";
    expect(ratesOf(text, [2])).toEqual({ "a=2 → a=1": 4, "a=1 → a=0": 2 });
  });

  test("is not one that is zero at some parameter value", () => {
    const text = "model m\nparam m >= 0 = 0\nstate a in 0..1\nstart: a = 1\nevent die when a > 0: a -= 1 @ m";
    expect(ratesOf(text, [0])).toEqual({ "a=1 → a=0": 0 });
  });

  test("includes what cancels", () => {
    const text = `model m
param m > 0 = 1
state a in 0..2
start: a = 2
stop when a == 0
event down: a -= 1 @ 1
event jump: a = 0 @ m * a * a - 2 * a * m + 2 * m - a * m
`;
    expect(Object.keys(ratesOf(text, [1]))).toEqual(["a=1 → a=0", "a=2 → a=1"]);
  });
});

describe("changes", () => {
  test("happen at once and read the old state", () => {
    const text = `model m
state a in 0..3
state b in 0..3
start: a = 1, b = 3
stop when a == 3
event swap: a = b, b = a @ 1
`;
    expect(Object.keys(ratesOf(text))).toEqual(["a=1, b=3 → a=3, b=1"]);
  });

  test("of a cell that the state chooses add up, and conflict where they meet", () => {
    const text = `model m
state b[0..1] in 0..4
state k in 0..1
start: b[0] = 2
stop when b[0] >= 4
event two: b[k] += 1, b[0] += 1 @ 1
`;
    expect(Object.keys(ratesOf(text))).toEqual(["b[0]=2, b[1]=0, k=0 → b[0]=4, b[1]=0, k=0"]);
    expect(errorOf(text.replace("b[0] += 1", "b[0] = 1"))).toMatch(
      /^PHX403 event `two` changes `b\[0\]` twice/,
    );
  });

  test("of `each` happen at once, under its condition", () => {
    const text = `model m
const n = 3
state b[1..n] in 0..5
start: b[1] = 2, b[2] = 1
stop when b[n] > 0
event gather: b[n] += b[i], b[i] = 0 each i in 1..n - 1 when b[i] > 1 @ 1
`;
    expect(Object.keys(ratesOf(text))).toEqual(["b[1]=2, b[2]=1, b[3]=0 → b[1]=0, b[2]=1, b[3]=2"]);
  });

  test("outside the range are refused with the state", () => {
    const text = "model m\nstate b[1..2] in 0..1\nstart: b[1] = 1\nevent e for i in 1..2: b[i] += 1 @ 1";
    expect(errorOf(text)).toBe(
      "PHX701 event `e` (i = 1) takes b[1] to 2, outside 0..1, from (b[1] = 1, b[2] = 0)",
    );
  });
});

describe("ranges that the state decides", () => {
  test("are run as far as the state goes", () => {
    const text = `model m
state q in 0..3
start: q = 3
stop when q == 0
event batch for k in 1..q: q -= k @ k
`;
    expect(ratesOf(text)).toEqual({
      "q=1 → q=0": 1,
      "q=2 → q=0": 2,
      "q=2 → q=1": 1,
      "q=3 → q=0": 3,
      "q=3 → q=1": 2,
      "q=3 → q=2": 1,
    });
  });

  test("fail on an index outside only in a state that has it", () => {
    const text = `model m
state b[1..3] in 0..1
state q in 0..3
start: q = 2, b[1] = 1
stop when q == 0
event e for k in 1..q: q -= 1 @ b[k + 1] + 1
`;
    expect(errorOf(text)).toBe("no error");
    expect(errorOf(text.replace("q = 2,", "q = 3,"))).toBe(
      "PHX210 index `k + 1` is 4 when k = 3: outside `b[1..3]`",
    );
  });
});

describe("starts", () => {
  test("add up their weights, and cells not named start at their low end", () => {
    const text = `model m
param p in 0..1 = 0.2
state x in 2..5
state mood in {calm, busy}
state open in bool
start for i in 0..1: x = 3 + i @ if i == 0 then p / 2 else 1 - p
start: x = 3 @ p / 2
stop when x == 2
event down: x -= 1 @ 1
`;
    const { graph } = built(text);
    const features = graph.features.evaluate([0.2]);
    const weights = [...graph.startStates].map((state, row) => [
      graph.states.describe(state),
      rowValue(graph.startWeights, row, features),
    ]);
    expect(weights).toEqual([
      ["(x = 3, mood = calm, open = false)", 0.2],
      ["(x = 4, mood = calm, open = false)", 0.8],
    ]);
  });
});

describe("epochs", () => {
  const text = `model m
param late > 1 = 2
state k in 0..4
start: k = 4
stop when k == 0
epoch first from 0
epoch second from 1
epoch third from late
enter second: k = max(k - 2, 0)
event down: k -= 1 @ if first then 1 else if second then 2 * k else 3
event jump when third: k = 0 @ k
reward slow = if first then k else 0
`;
  const { model, graph } = built(text);

  test("have times that are numbers or features", () => {
    const [first, second, third] = graph.epochs.map((epoch) => epoch.start);
    expect([first, second]).toEqual([0, 1]);
    const feature = typeof third === "object" ? third.feature : 0;
    expect(graph.features.evaluate([2.5])[feature]).toBe(2.5);
  });

  test("have their own rates, and enter changes the state", () => {
    const [first, second, third] = edgeRates(graph, [2]);
    expect(first.get("k=4 → k=3")).toBe(1);
    expect(second.get("k=2 → k=1")).toBe(4);
    expect([...third.keys()].sort()).toEqual(["k=1 → k=0", "k=2 → k=0", "k=2 → k=1"]);
    const four = [...graph.states.read(4)];
    expect(four).toEqual([4]);
    expect(graph.epochs[1].enter?.[4]).toBe(2);
    expect(stateKeys(graph).size).toBe(5);
  });

  test("may have their own rewards", () => {
    const reward = model.description.rewards[0];
    const perState = (epoch: number): number[] => valuesOf(reward.stateForms(graph, epoch), graph, [2]);
    expect(perState(0)).toEqual([0, 1, 2, 3, 4]);
    expect(perState(1)).toEqual([0, 0, 0, 0, 0]);
  });
});

function valuesOf(forms: LinearForms | null, graph: MarkovGraph, z: readonly number[]): number[] {
  const features = graph.features.evaluate(z);
  return forms === null
    ? []
    : Array.from({ length: forms.rowCount }, (_, row) => rowValue(forms, row, features));
}

describe("rewards", () => {
  const { model, graph } = built(`model m
const n = 3
param theta > 0 = 2
state b[1..n] in 0..n
start: b[1] = n
stop when b[n] == 1
event join for i in 1..n, j in i..n - i:
    b[i] -= 1, b[j] -= 1, b[i + j] += 1 @ if i == j then choose(b[i], 2) else b[i] * b[j]
reward branch[i in 1..n - 1] = theta / 2 * b[i]
reward pair[i in 0..1, j in 1..2] = i + j
reward bigger on join = b[1] * theta
`);

  test("of arrays have a name for each entry", () => {
    expect(model.description.rewards.map((reward) => reward.name)).toEqual([
      "branch[1]",
      "branch[2]",
      "pair[0, 1]",
      "pair[0, 2]",
      "pair[1, 1]",
      "pair[1, 2]",
      "bigger",
    ]);
  });

  test("have values in states that do not stop", () => {
    const values = model.description.rewards
      .slice(0, 4)
      .map((one) => valuesOf(one.stateForms(graph, 0), graph, [3]));
    expect(graph.states.describe(1)).toBe("(b[1] = 1, b[2] = 1, b[3] = 0)");
    expect(values).toEqual([
      [0, 1.5, 4.5],
      [0, 1.5, 0],
      [0, 1, 1],
      [0, 2, 2],
    ]);
  });

  test("of events are paid in the state before", () => {
    const reward = model.description.rewards[6];
    expect(reward.stateForms(graph, 0)).toBeNull();
    expect(valuesOf(reward.impulseForms(graph, 0), graph, [2])).toEqual([2, 6]);
  });
});

describe("features", () => {
  test("are shared by all states that have the same factor", () => {
    const { graph } = built(
      "model m\nparam r > 0 = 1\nstate k in 1..50\nstart: k = 50\nevent e when k > 1: k -= 1 @ r * choose(k, 2) / 3",
    );
    expect(graph.features.featureCount).toBe(2);
  });

  test("are made for each value of the state where factors mix", () => {
    const { graph } = built(
      "model m\nparam r > 0 = 1\nstate k in 1..5\nstart: k = 5\nevent e when k > 1: k -= 1 @ k / (r + k)",
    );
    expect(graph.features.featureCount).toBe(5);
  });

  test("choose entries of parameters by the state", () => {
    const { graph } = built(
      "model m\nparam r[2..4] > 0 = 1\nstate k in 1..4\nstart: k = 4\nevent e when k > 1: k -= 1 @ r[k]",
    );
    expect(Object.fromEntries(edgeRates(graph, [20, 30, 40])[0])).toEqual({
      "k=4 → k=3": 40,
      "k=3 → k=2": 30,
      "k=2 → k=1": 20,
    });
  });
});

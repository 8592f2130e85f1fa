// The random variable that a command is about: the time, or an accumulated reward.
import type { Distribution } from "@phxlang/runtime";
import { unknownName } from "./unknown-name.ts";
import type { Session } from "./session.ts";

/** The distribution of the time, or of the reward of this name. Throws PHX994. */
export function variableNamed(session: Session, name: string | undefined): Distribution {
  const { model } = session;
  if (name === undefined || name === "time") return model;
  if (!model.rewards.includes(name)) throw unknownName("reward", name, model.rewards, "--reward");
  return model.reward(name);
}

/** `per unit time`, `steps` …: the unit of the variable and of its density. */
export function unitsOf(
  session: Session,
  name: string | undefined,
): { readonly value: string; readonly density: string } {
  if (name !== undefined && name !== "time") return { value: name, density: `per unit of ${name}` };
  if (session.model.kind === "discrete") return { value: "steps", density: "probability" };
  return { value: "time", density: "per unit time" };
}

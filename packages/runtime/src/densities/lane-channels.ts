// The channels of several requests at once: in lanes where uniformization serves them all, else each by its own methods.
import { referenceProblem } from "../jets/exponential-reference.ts";
import type { ExponentialRequest } from "../jets/exponential-request.ts";
import type { Jet } from "../jets/subsets.ts";
import type { LaneChannels } from "../uniformization/sweep-channels.ts";
import { sweepChannels } from "../uniformization/sweep-channels.ts";
import { choose, isSweepOnly } from "./choose-method.ts";
import { nodeRequest, panelChannel } from "./panels/panel-channels.ts";
import { channelsOf } from "./time-parts.ts";

/** For 1, 2, 4 or 8 requests that differ in their numbers only: channel j of each starts from Aʲ right. */
export function laneChannels(
  requests: readonly ExponentialRequest[],
): (starts: readonly Jet[], channel: number) => LaneChannels {
  const choices = requests.map((request) => choose(referenceProblem(request), request.parameters, request));
  if (choices.every(isSweepOnly)) return sweepChannels(requests);
  const openers = requests.map((request, lane) => {
    const { parts, panels } = choices[lane];
    if (panels === null) return channelsOf(request, parts);
    const open = channelsOf(nodeRequest(request, panels), parts);
    return (start: Jet, channel: number) => panelChannel(request, panels, open(start, channel));
  });
  return (starts, channel) => {
    const opened = openers.map((open, lane) => open(starts[lane], channel));
    return {
      values: () => opened.map((own) => own.values()),
      adjoint: (weights, slotParts, leftParts) =>
        opened.map((own, lane) => own.adjoint(weights[lane], slotParts[lane], leftParts[lane])),
    };
  };
}

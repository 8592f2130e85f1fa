// Progress of long work on standard error: a bar on a terminal, a line for each tenth elsewhere.
import type { FitProgress } from "@phxlang/inference";
import type { Invocation } from "../command.ts";
import * as common from "../options/common.ts";
import { readableNumber } from "../output/numbers.ts";

export interface ProgressDisplay {
  show(progress: FitProgress): void;
  /** Takes the bar away: what is written next begins on a clean line. */
  end(): Promise<void>;
}

/** Milliseconds between two drawings of the bar. */
const pace = 100;
const barWidth = 24;

export function progressDisplay(
  invocation: Invocation,
  now = (): number => performance.now(),
): ProgressDisplay {
  const { err } = invocation.host;
  const start = now();
  /** Where this run took up the work, which says nothing of its speed. */
  let first: number | null = null;
  const left = ({ done, total }: FitProgress): number => {
    first ??= done;
    const own = done - first;
    return own === 0 ? Number.NaN : (((now() - start) / 1000) * (total - done)) / own;
  };
  if (!err.isTerminal || invocation.value(common.quiet)) return tenths(invocation, left);
  let drawn = -Infinity;
  return {
    show(progress) {
      const seconds = left(progress);
      if (now() - drawn < pace && progress.done < progress.total) return;
      drawn = now();
      const share = progress.done / progress.total;
      const full = Math.round(share * barWidth);
      const bar = err.style("cyan", "█".repeat(full)) + err.style("dim", "░".repeat(barWidth - full));
      const percent = `${Math.floor(100 * share)}`.padStart(3);
      // A line that the terminal wraps could not be drawn over.
      const room = Math.max(0, (err.columns?.() ?? 80) - barWidth - 1);
      const text = ` ${percent} %  ${progress.stage}${duration(seconds)}${factsOf(progress)}`;
      void err.write(`\r\u001B[K${bar}${text.slice(0, room)}`);
    },
    async end() {
      if (drawn > -Infinity) await err.write("\r\u001B[K");
    },
  };
}

function tenths(invocation: Invocation, left: (progress: FitProgress) => number): ProgressDisplay {
  let shown: number | null = null;
  return {
    show(progress) {
      const seconds = left(progress);
      const tenth = Math.floor((10 * progress.done) / progress.total);
      if (tenth === (shown ?? 0)) return;
      shown = tenth;
      void invocation.note(`${10 * tenth} % (${progress.stage}${factsOf(progress)})${duration(seconds)}`);
    },
    end: () => Promise.resolve(),
  };
}

/** `, 1 min 20 s left`; nothing where it cannot be known yet. */
function duration(seconds: number): string {
  if (Number.isNaN(seconds)) return "";
  const whole = Math.ceil(seconds);
  if (whole < 60) return `, about ${whole} s left`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `, about ${minutes} min ${whole % 60} s left`;
  return `, about ${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

function factsOf({ facts }: FitProgress): string {
  return Object.entries(facts)
    .map(([name, value]) => `, ${name} ${readableNumber(value, 3)}`)
    .join("");
}

// phx fit --report: one page that stands alone, with what its fit knows; refused before any work where it cannot be written.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, expect, test } from "vitest";
import { phx } from "./run-phx.ts";

const directory = mkdtempSync(join(tmpdir(), "phx-report-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** What these tests ask of a page and its elements. */
interface Part {
  readonly textContent: string | null;
  querySelector(selector: string): Part | null;
  querySelectorAll(selector: string): Iterable<Part> & { readonly length: number };
}

/** Runs the fit and opens its report. */
async function report(
  line: string,
): Promise<{ readonly page: Part; readonly text: string; readonly out: string }> {
  const path = join(directory, "report.html");
  const { status, out, err } = await phx(`${line} --report ${path} --quiet`);
  expect(status, err).toBe(0);
  const text = readFileSync(path, "utf8");
  return { page: parseHTML(text).document as unknown as Part, text, out };
}

function headings(page: Part): string[] {
  return Array.from(page.querySelectorAll("h2"), (heading) => heading.textContent ?? "");
}

test("of NUTS: survival of both groups, traces, ranks, pairs, chains, the command", async () => {
  const line = "fit examples/leukemia.phx --method nuts --chains 2 --warmup 60 --draws 120";
  const { page, text } = await report(line);
  expect(headings(page)).toEqual([
    "Parameters",
    "The model over the data",
    "Densities of the parameters",
    "Traces",
    "Ranks",
    "Pairs",
    "Diagnostics of the chains",
    "How to get this again",
  ]);
  // Survival; two parameters in densities, traces and ranks; one pair.
  expect(page.querySelectorAll("figure svg").length).toBe(1 + 2 * 3 + 1);
  expect(text).toContain("treated = 1");
  expect(text).toContain("crosses: censored");
  expect(page.querySelector("pre")?.textContent).toContain(`phx ${line}`);
  expect(page.querySelector("details pre")?.textContent).toBe(readFileSync("examples/leukemia.phx", "utf8"));
});

test("stands alone: nothing is loaded, no number is missing", async () => {
  const { text } = await report("fit examples/leukemia.phx --method laplace --draws 120");
  expect(text).not.toMatch(/<(script|link|img|iframe)\b|url\(["']?http|@import|src=/);
  expect(text).not.toMatch(/NaN|undefined/);
  expect(text).toContain("prefers-color-scheme: dark");
  expect(text).toContain("@media print");
});

test("of an estimate: profile intervals beside the normal ones, and the density over a histogram", async () => {
  const { page, out } = await report("fit examples/aircondit.phx --set m=1 --starts 0 --profile");
  expect(headings(page)).toEqual([
    "Parameters",
    "Intervals",
    "The model over the data",
    "Searches",
    "How to get this again",
  ]);
  const [first] = page.querySelectorAll("tbody tr");
  const cells = Array.from(first.querySelectorAll("td"), (cell) => cell.textContent ?? "");
  // 24 failures in 1539 hours; where the likelihood ratio is exp(−1.92), by the equation of the exponential distribution.
  expect(Number(cells[1])).toBeCloseTo(24 / 1539, 5);
  const excess = (rate: number): number =>
    24 * Math.log((rate * 1539) / 24) - (rate * 1539 - 24) + 1.9207294103;
  expect(Math.abs(excess(Number(cells[5])))).toBeLessThan(0.02);
  expect(Math.abs(excess(Number(cells[6])))).toBeLessThan(0.02);
  expect(out).toContain("profile 97.5 %");
  const captions = Array.from(page.querySelectorAll("figcaption"), (caption) => caption.textContent ?? "");
  expect(captions.some((caption) => caption.startsWith("Density"))).toBe(true);
});

test("warnings stand at the top, in words", async () => {
  const { page } = await report("fit examples/remission.phx --starts 0");
  expect(page.querySelector(".verdict.doubt")?.textContent).toContain("PHX804");
});

test("another ending is refused before any work", async () => {
  const { status, err } = await phx("fit examples/no-such-model.phx --report report.pdf");
  expect(status).toBe(2);
  expect(err).toContain("PHX998");
});

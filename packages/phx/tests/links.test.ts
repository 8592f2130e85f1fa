// Links between pages: every file and every heading that a page points to exists.
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { codeBlocks } from "./markdown.ts";
import { pages } from "./pages.ts";
import { root } from "./run-phx.ts";

describe.each(pages)("%s", (page) => {
  test("links to what exists", () => {
    const links = linksOf(readFileSync(`${root}${page}`, "utf8"));
    expect(links.filter((link) => !resolves(page, link))).toEqual([]);
  });
});

test("docs/README.md links to every page of docs", () => {
  const linked = linksOf(readFileSync(`${root}docs/README.md`, "utf8")).map((link) => `docs/${link}`);
  const others = pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
  expect(others.filter((page) => !linked.includes(page))).toEqual([]);
});

test("a missing file and a missing heading are found", () => {
  const found = linksOf("see [a](missing.md), [b](cli.md#missing), [c](cli.md#exit-status), [d](#here)");
  expect(found.filter((link) => !resolves("docs/README.md", link))).toEqual([
    "missing.md",
    "cli.md#missing",
    "#here",
  ]);
});

/** Targets of links, but for those to other sites. */
function linksOf(markdown: string): readonly string[] {
  return Array.from(withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target).filter(
    (target) => !/^[a-z]+:/.test(target),
  );
}

function resolves(page: string, link: string): boolean {
  const [file, heading] = link.split("#", 2);
  const target = file === "" ? `${root}${page}` : resolve(dirname(`${root}${page}`), file);
  if (relative(root, target).startsWith("..") || !existsSync(target)) return false;
  return heading === undefined || anchorsOf(readFileSync(target, "utf8")).includes(heading);
}

/** Names that headings get in the rendered page: small letters, no punctuation, hyphens for blanks. */
function anchorsOf(markdown: string): readonly string[] {
  return Array.from(withoutCode(markdown).matchAll(/^#+ (.*)$/gm), ([, title]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** In code, brackets are no links and `#` is no heading. */
function withoutCode(markdown: string): string {
  return codeBlocks(markdown).reduce((text, block) => text.replace(block.text, ""), markdown);
}

// How a report looks: for screens in light and in darkness, and for paper.

export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --ink: #1d2730; --muted: #5f6b76; --faint: #d9dee3; --wash: #f3f5f6;
  --series-1: #0b62a4; --series-2: #c8434f; --series-3: #24804f; --series-4: #7f4f96; --series-5: #ae7300; --series-6: #4a5560;
  --good: #1f7a4a; --alarm: #b3372f; --alarm-wash: #fbeeec; --good-wash: #ecf6f0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181c; --ink: #e8ecef; --muted: #9aa6b1; --faint: #3a444d; --wash: #1c2227;
    --series-1: #6db3ea; --series-2: #f0848c; --series-3: #6cc79a; --series-4: #c39ad8; --series-5: #e3b252; --series-6: #aab4bd;
    --good: #6cc79a; --alarm: #f0938b; --alarm-wash: #2e1f1e; --good-wash: #18281f;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); }
body {
  margin: 0 auto; padding: 3rem 1.5rem 4rem; max-width: 64rem; color: var(--ink); background: var(--paper);
  font: 16px/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
}
header { border-bottom: 1px solid var(--faint); padding-bottom: 1.4rem; }
h1 { font-size: 2.3rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.3rem; }
h2 { font-size: 1.25rem; letter-spacing: -0.01em; margin: 2.8rem 0 0.9rem; }
.lead { color: var(--muted); margin: 0; font-size: 1.05rem; }
.facts { display: flex; flex-wrap: wrap; gap: 0.6rem 2.6rem; margin: 1.5rem 0 0; }
.facts div { min-width: 5rem; }
.facts dt { color: var(--muted); font-size: 0.8rem; }
.facts dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.facts dd small { font-size: 0.85rem; color: var(--muted); }
.verdict { border-left: 4px solid var(--good); background: var(--good-wash); margin: 1.8rem 0 0; padding: 0.8rem 1.1rem; }
.verdict.doubt { border-color: var(--alarm); background: var(--alarm-wash); }
.verdict p { margin: 0; }
.verdict ul { margin: 0.4rem 0 0; padding-left: 1.2rem; }
.verdict code { font: 0.9em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.verdict li > code:first-child { color: var(--alarm); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 0.95rem; }
th { text-align: right; font-weight: 500; color: var(--muted); font-size: 0.8rem; padding: 0.3rem 0.8rem; border-bottom: 1px solid var(--faint); }
td { text-align: right; padding: 0.4rem 0.8rem; border-bottom: 1px solid var(--faint); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
td:first-child { font-weight: 600; }
td.doubt { color: var(--alarm); font-weight: 600; }
.note { color: var(--muted); font-size: 0.88rem; margin: 0.6rem 0 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.6rem 1.4rem; }
.panels.large { grid-template-columns: 1fr; }
.panels.small { grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); }
figure { margin: 0; break-inside: avoid; }
figcaption { font-weight: 600; font-size: 0.95rem; }
figcaption small { display: block; font-weight: 400; color: var(--muted); font-size: 0.82rem; }
figure svg { display: block; width: 100%; height: auto; max-width: 30rem; }
.large figure svg { max-width: 60rem; }
.key { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin: 0 0 0.6rem; padding: 0; list-style: none; font-size: 0.9rem; }
.key i { display: inline-block; width: 1.3rem; height: 0.22rem; border-radius: 2px; margin-right: 0.5rem; vertical-align: middle; }
pre { background: var(--wash); border-radius: 6px; padding: 0.9rem 1.1rem; overflow-x: auto; font: 0.85rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
details summary { cursor: pointer; color: var(--muted); }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--faint); color: var(--muted); font-size: 0.85rem; }
@media print {
  :root { --paper: #fff; --ink: #000; --muted: #444; --faint: #ccc; --wash: #f6f6f6; --good-wash: #fff; --alarm-wash: #fff; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  h2 { break-after: avoid; }
  .panels { grid-template-columns: repeat(2, 1fr); }
  .panels.small { grid-template-columns: repeat(3, 1fr); }
  pre { white-space: pre-wrap; }
}
`;

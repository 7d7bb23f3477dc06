/**
 * The style sheet of reports: one column of text, tables that scroll in narrow windows, black on white in print.
 *
 * @module
 */

import { colours, fontFamily } from "./theme.ts";

/** CSS of a report. */
export const style = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 ${fontFamily}; color: ${colours.text}; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.25rem; margin: 2.8rem 0 .8rem; padding-top: .9rem; border-top: 1px solid ${colours.grid}; }
h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
p { max-width: 44rem; margin: .5rem 0; }
.question { font-size: 1.15rem; }
.muted, figcaption, caption, .unit, footer { color: ${colours.muted}; }
.stamp { max-width: none; background: #fff4e5; border: 2px solid ${colours.contradicted}; border-radius: 6px; padding: .7rem 1rem;
  margin: 0 0 1.6rem; font-weight: 700; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 1rem 0; font-size: .92rem; }
.facts dt { color: ${colours.muted}; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.4; margin: .6rem 0 1rem; }
caption { text-align: left; padding: 0 0 .4rem; }
th { text-align: left; font-weight: 600; vertical-align: bottom; border-bottom: 2px solid ${colours.text}; }
th, td { padding: .4rem 1rem .4rem 0; }
td { border-bottom: 1px solid ${colours.grid}; vertical-align: top; }
th.number, td.number { text-align: right; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.unit { display: block; font-weight: 400; font-size: .85em; }
.verdict { font-weight: 700; white-space: nowrap; }
.supported { color: ${colours.supported}; }
.contradicted { color: #a84300; }
.inconclusive { color: ${colours.inconclusive}; }
.claims td:first-child { min-width: 19rem; }
.reason { display: block; font-size: .88em; color: ${colours.muted}; }
.parts { margin: .3rem 0 0; padding-left: 1.1rem; font-size: .88em; }
figure { margin: 1rem 0 1.6rem; }
figure img { max-width: 100%; height: auto; display: block; }
figure.grid img { image-rendering: auto; border: 1px solid ${colours.grid}; }
figcaption { font-size: .9rem; margin-top: .4rem; max-width: 44rem; }
code { font: .88em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: #f4f6f8; padding: .1em .35em;
  border-radius: 4px; overflow-wrap: anywhere; }
details { margin: .6rem 0; } summary { cursor: pointer; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid ${colours.grid}; font-size: .88rem; }
@media print {
  body { font-size: 10pt; } main { max-width: none; padding: 0; }
  h2 { break-after: avoid; } figure, tr, .stamp { break-inside: avoid; } .scroll { overflow: visible; }
}
`;

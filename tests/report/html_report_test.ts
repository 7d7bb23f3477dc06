import { equal, match, ok } from "node:assert/strict";
import { parseHTML } from "linkedom";
import { correctClaims, decideClaim } from "doppel/evaluation/mod.ts";
import { htmlReport, intervalChart, type ReportContent, svgToPng } from "doppel/report/mod.ts";

const rule = { statement: "DF carries <more> identity", source: "DeepFaceLab 3.2", unit: "cosine", draws: 200 };
const claims = correctClaims([
  decideClaim({ ...rule, id: 3, samples: [[0.1], [0.12], [0.11]], cost: 75 }),
  decideClaim({ ...rule, id: 6, parts: [{ name: "a", samples: [-1, -2, -1] }, { name: "b", samples: [1, 2, 1] }] }),
  decideClaim({ ...rule, id: 29, parts: [], untestable: "the data hold no clips" }),
]);

const content: ReportContent = {
  title: "DF & LIAE",
  question: "Does DF carry more identity?",
  run: {
    name: "2026-11-22-102030_df_vs_liae_quick_abc123",
    preset: "quick",
    seeds: [1, 2, 3],
    created: "2026-11-22T10:20:30.000Z",
    environment: {
      versions: { deno: "2.9.6" },
      device: { backend: "tensorflow", mixed_precision: false },
      machine: { cores: 2, features: ["avx2", "fma"] },
      code: { commit: "0123abc", dirty: true, lock: null },
      data: { manifest: "cd34" },
      command: "deno task run df_vs_liae --preset quick",
    },
    config: { training: { steps: 1500 } },
  },
  claims,
  tables: [{
    title: "Swaps",
    rows: [{ arm: "DF", id: 0.4 }],
    columns: [{ key: "arm" }, { key: "id" }],
    note: "selected on validation",
  }],
  grids: [{
    image: svgToPng('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'),
    alt: "faces",
    caption: "rows",
  }],
  notes: ["judge: `faceres`"],
  deviations: [{ what: "64 pixels", why: "two cores" }],
  comparisons: [{ what: "SSIM", paper: 0.73, source: "table 1", ours: 0.91, sameProtocol: false, why: "crops" }],
};

const textOf = (html: string) => parseHTML(html).document.body.textContent!.replaceAll(/\s+/g, " ");

Deno.test("htmlReport() holds question, verdicts, results, protocol, environment and command", () => {
  const text = textOf(htmlReport(content));
  for (
    const part of [
      "Does DF carry more identity?",
      "✓ supported",
      "✗ contradicted",
      "– inconclusive",
      "the data hold no clips",
      "a: −1.33 [−2.00, −1.00] cosine, contradicted",
      "1 min 15 s",
      "selected on validation",
      "judge: faceres",
      "64 pixels",
      "0.180",
      "no: crops",
      "Made by deno task run df_vs_liae --preset quick",
      "device: mixed precision no",
      "training.steps1500",
      "ETHICS.md",
    ]
  ) ok(text.replaceAll(/(no|precision)(?=no)/g, "$1 ").includes(part), part);
});

Deno.test("htmlReport() needs no network and no script, and escapes what it is given", async () => {
  const chart = await intervalChart([{ group: "DF", estimate: 0.4, interval: [0.3, 0.5] }], { axis: "cosine" });
  const html = htmlReport({ ...content, charts: [{ chart, alt: 'a "quoted" chart' }] });
  const { document } = parseHTML(html);
  equal(document.querySelectorAll("script, link, iframe, object").length, 0);
  const sources = [...document.querySelectorAll("img")].map((image) => image.getAttribute("src")!);
  equal(sources.length, 2);
  ok(sources.every((source) => /^data:image\/(png|svg\+xml);base64,/.test(source)));
  equal(/(?:href|src|url\()\s*=?\s*["']?(?:https?:)?\/\//.test(html), false);
  match(html, /DF carries &lt;more&gt; identity/);
  match(html, /alt="a &quot;quoted&quot; chart"/);
  // Text in a chart becomes outlines, so that it is the same where the font is not installed.
  const drawn = atob(sources[0]!.split(",")[1]!);
  equal(drawn.includes("<text"), false);
  ok(drawn.includes("<path"));
});

Deno.test("htmlReport() stamps a smoke run, in the title too, and no other", () => {
  const smoke = htmlReport({ ...content, run: { ...content.run, preset: "smoke" } });
  match(smoke, /class="stamp">Smoke run: not a result/);
  match(smoke, /<title>DF &amp; LIAE \(smoke: not a result\)<\/title>/);
  equal(/not a result/.test(htmlReport(content)), false);
});

Deno.test("htmlReport() leaves out sections that have nothing in them", () => {
  const { title, question, run } = content;
  const headings = [...parseHTML(htmlReport({ title, question, run })).document.querySelectorAll("h2")];
  equal(headings.map((heading) => heading.textContent).join(), "Environment");
});

Deno.test("htmlReport() shows what differs from other runs", () => {
  const none = { config: [], code: [], data: [], environment: [], claims: [], results: [] };
  const runs = ["one", "two"];
  match(textOf(htmlReport({ ...content, otherRuns: { runs, ...none } })), /No difference between one and two\./);
  const config = [{ key: "config.steps", values: [3, undefined] }];
  match(htmlReport({ ...content, otherRuns: { runs, ...none, config } }), /config\.steps<\/td><td>3<\/td><td>–/);
});

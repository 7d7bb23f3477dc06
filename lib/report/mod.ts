/**
 * How results are shown: tables as CSV, Parquet, HTML and Markdown, charts as SVG, PNG and Vega-Lite, and the report of
 * a run or of an extraction as one HTML file. What the numbers are is decided before they come here.
 *
 * @module
 */

export {
  type Column,
  htmlTable,
  markdownTable,
  type NamedTable,
  writeMeasurements,
  writeTable,
  writeTables,
} from "./tables.ts";
export { decimalsFor, formatEstimate, formatNumber, formatSeconds } from "./numbers.ts";
export { type Chart, svgToPng, writeChart } from "./chart.ts";
export { vegaLiteChart, type VegaLiteSpec } from "./vega_chart.ts";
export { plotChart } from "./plot_chart.ts";
export { intervalChart, type IntervalRow } from "./interval_chart.ts";
export { type NumberedDot, numberedDotsChart, type NumberedDotsOptions } from "./numbered_dots.ts";
export { type HeatCell, heatMap, type HeatMapOptions } from "./heat_map.ts";
export { curveChart, type CurveColumns, type CurvePoint, summariseCurves } from "./curve_chart.ts";
export { extractionSentence, writeExtractionReport } from "./extraction_report.ts";
export { htmlReport, type ReportContent } from "./html_report.ts";
export { overviewPage, type OverviewRun } from "./overview.ts";
export type { Deviation, PaperComparison } from "./sections.ts";
export { dataUri, escapeHtml } from "./html.ts";
export { colours, fontFamily, palette } from "./theme.ts";

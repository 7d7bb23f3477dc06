import { escapeHtml } from "./html.ts";
import { style } from "./style.ts";

/**
 * A page that needs no network and no script, and may load nothing but what it holds.
 *
 * @param title Its title.
 * @param parts Pieces of HTML from top to bottom; empty ones are left out.
 * @returns The page.
 */
export function htmlPage(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${parts.filter(Boolean).join("\n")}
</main>
</body>
</html>
`;
}

/** The documentation of the HTTP interface as a page. Without scripts, it is a list of the operations. */
import type { Operation } from '../../api/operation.ts';
import { memoize } from '../../lazy.ts';

/** The page runs no script and applies no style but its own files, and calls nothing but this app. */
export const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  // Swagger UI draws its arrows as images inside its style.
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * @param baseUrl where the app answers
 * @param version of the files that the page loads
 */
export function docsPage(operations: readonly Operation[], baseUrl: string, version: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Auditkeep: HTTP interface</title>
<link rel="icon" href="connector/icon.png">
<link rel="stylesheet" href="docs/${version}/style.css">
<script type="module" src="docs/${version}/script.js"></script>
</head>
<body>
<header class="about"><h1>Auditkeep: HTTP interface</h1>
<p>All addresses are below <code>${escaped(baseUrl)}</code>. For programs: <a href="openapi.json">OpenAPI 3.1</a>; for Power
Automate: <a href="connector/apiDefinition.swagger.json">connector</a> and
<a href="connector/apiProperties.json">its properties</a>.</p>
<p>To try an operation, enter your client key under <b>Authorize</b>. The key stays in the memory of this page until you
reload or close it: it is not stored in the browser, is never part of an address, and is sent to this app only. Calls are
real, and are in the access log like any other.</p></header>
<main id="docs"></main>
<noscript>${listHtml(operations)}</noscript>
</body>
</html>
`;
}

/** The same wherever the app answers, and made once. */
const listHtml = memoize((operations: readonly Operation[]): string => {
  const items = operations.map(
    ({ method, route, summary }) => `<li><code>${method} /${escaped(route)}</code> ${escaped(summary)}</li>`,
  );
  return `<p>Your browser runs no scripts. These are the operations; OpenAPI describes them in full.</p><ul>${items.join('')}</ul>`;
});

/** Text for HTML, in elements and in quoted attributes. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

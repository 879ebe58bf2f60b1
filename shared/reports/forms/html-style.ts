/** How reports look on a screen and on paper, A4 or Letter. */
import { createHash } from 'node:crypto';

const light =
  '--ink:#1b1f24;--paper:#fff;--soft:#5b6570;--line:#d5dae0;--head:#f2f4f7;--critical:#b3261e;--warning:#8a5300;--notice:#1d5fa8;--ok:#1a7f37;--c0:#1d5fa8;--c1:#c4572e;--c2:#2f8f5b;--c3:#8250c4;--c4:#b0861b;--c5:#0f8b8d;--c6:#a33a6e;--c7:#6b7280;';
const dark =
  '--ink:#e6eaef;--paper:#14181d;--soft:#9aa5b1;--line:#343c46;--head:#1e242b;--critical:#ff8a80;--warning:#ffc266;--notice:#8ab8f0;--ok:#7ddb98;--c0:#6ea8ee;--c1:#f0906a;--c2:#6fd39b;--c3:#b797ee;--c4:#e3c062;--c5:#5cc9cb;--c6:#e788b4;--c7:#a3adb8;';
const places = Array.from({ length: 8 }, (_, at) => at);

/** Of the whole page; elements have no styles of their own, which the policy would refuse. */
export const style = [
  `:root{${light}color-scheme:light}`,
  `@media screen and (prefers-color-scheme:dark){:root{${dark}color-scheme:dark}}`,
  '*{box-sizing:border-box}',
  'body{margin:0 auto;padding:24px;max-width:1100px;font:14px/1.45 system-ui,"Segoe UI",Arial,sans-serif;color:var(--ink);background:var(--paper)}',
  'h1{font-size:26px;margin:0 0 8px}h2{font-size:20px;margin:32px 0 4px;border-top:2px solid var(--line);padding-top:16px}h3{font-size:16px;margin:24px 0 6px}',
  'h1,h2,h3,caption{break-after:avoid;text-align:left}',
  'dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0 0 16px}dt,.soft,.axis{color:var(--soft)}dd{margin:0}',
  'p{margin:6px 0;max-width:80ch}bdi{unicode-bidi:isolate;overflow-wrap:anywhere}',
  '.mark{border:1px solid var(--soft);border-radius:3px;padding:0 2px;font-size:.8em;color:var(--soft)}',
  '.notes{border-left:4px solid var(--warning);padding:4px 12px;margin:12px 0}',
  'table{border-collapse:collapse;width:100%;margin:8px 0 4px;font-size:12.5px}caption{font-weight:600;padding:4px 0}',
  'thead{display:table-header-group}tr{break-inside:avoid}',
  'th,td{border-bottom:1px solid var(--line);padding:4px 8px;text-align:left;vertical-align:top}th{background:var(--head)}',
  '.count,.bytes{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.moment,.day{white-space:nowrap}.record{font-family:ui-monospace,Consolas,monospace;font-size:11px}.sentence{min-width:22ch}',
  '.critical,.warning,.notice,.ok{font-weight:600}',
  ...['critical', 'warning', 'notice', 'ok'].map((name) => `.${name}{color:var(--${name})}`),
  'figure{margin:12px 0;break-inside:avoid}figcaption{font-weight:600;margin-bottom:4px}svg{width:100%;height:auto;max-width:760px;display:block}',
  'svg text{font:11px system-ui,"Segoe UI",Arial,sans-serif;fill:var(--soft)}.grid{stroke:var(--line);stroke-width:1}polyline{fill:none;stroke-width:2}',
  ...places.map((at) => `.s${at}{fill:var(--c${at});background:var(--c${at})}.l${at}{stroke:var(--c${at})}`),
  '.legend{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;margin:4px 0;padding:0}.legend i{display:inline-block;width:10px;height:10px;margin-right:6px;print-color-adjust:exact;-webkit-print-color-adjust:exact}',
  '@page{margin:14mm}',
  '@media print{body{padding:0;max-width:none;font-size:10.5pt}table{font-size:8.5pt}article+article{break-before:page}rect,polyline{print-color-adjust:exact;-webkit-print-color-adjust:exact}}',
].join('');

const hash = createHash('sha256').update(style).digest('base64');

/** The style, as a source in a policy. */
export const styleSource = `'sha256-${hash}'`;

/** What a browser lets the page do: nothing but to use its style. As a header, and in the page for copies of it. */
export const pagePolicy = `default-src 'none'; style-src ${styleSource}; base-uri 'none'; form-action 'none'`;

/** Of the answer: a page cannot forbid its frames itself. */
export const answerPolicy = `${pagePolicy}; frame-ancestors 'none'; sandbox`;

/** The description of the HTTP interface as one page of plain HTML: no script, nothing from elsewhere. */
import { createHash } from 'node:crypto';
import type { Answer, Operation } from '../api/operation.ts';
import { memoize } from '../lazy.ts';
import { describeAudience } from '../api/complete.ts';
import { asRecord, toJsonSchema, wireSchema, type Definitions, type JsonSchema } from './json-schema.ts';
import { input, output } from './openapi-targets.ts';
import { parametersOf, type DescribedParameter } from './parameters.ts';

const style = `
body{font:1rem/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h2{margin-top:3rem;border-bottom:2px solid #1f4e5f}h3{margin:2.5rem 0 .25rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}pre{overflow-x:auto;background:#f4f6f7;padding:.75rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-top:1px solid #d5dcdf}
nav ul{columns:2;padding-left:1rem}.method{display:inline-block;min-width:4.5em;font-weight:700}.faint{color:#5a6a70}
@media(prefers-color-scheme:dark){body{color:#e8ecee;background:#14191b}pre{background:#1e2629}th,td{border-color:#34414a}a{color:#8fc7dc}.faint{color:#9fb0b7}}
`;

/** Only the page's own style may be applied, and nothing loaded. */
export const docsPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The same wherever the app answers, and made once. */
const mainHtml = memoize((operations: readonly Operation[]): string => {
  const schemas: Definitions = new Map();
  const areas = [...new Set(operations.map(({ area }) => area))];
  const sections = areas.map((area) => {
    const described = operations.filter((operation) => operation.area === area);
    const articles = described.map((operation) => operationHtml(operation, schemas));
    return `<section><h2 id="${slug(area)}">${escaped(area)}</h2>${articles.join('')}</section>`;
  });
  const links = operations.map(linkHtml).join('');
  return `<nav><ul>${links}</ul></nav>\n<main>${sections.join('')}${schemasHtml(schemas)}</main>`;
});

/** @param baseUrl where the app answers */
export function docsPage(operations: readonly Operation[], baseUrl: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Auditkeep: HTTP interface</title><style>${style}</style></head>
<body>
<header><h1>Auditkeep: HTTP interface</h1>
<p>All addresses are below <code>${escaped(baseUrl)}</code>. Send a client key in the header <code>x-api-key</code>, or a Microsoft
Entra token as <code>Authorization: Bearer</code>. For programs: <a href="openapi.json">OpenAPI 3.1</a>; for Power Automate:
<a href="connector/apiDefinition.swagger.json">connector</a> and <a href="connector/apiProperties.json">its properties</a>.</p></header>
${mainHtml(operations)}
</body>
</html>
`;
}

function linkHtml({ id, summary }: Operation): string {
  return `<li><a href="#${escaped(id)}">${escaped(summary)}</a></li>`;
}

function operationHtml(operation: Operation, schemas: Definitions): string {
  const { id, method, route, summary, description, audience, answers } = operation;
  const parameters = parametersOf(operation, (schema) => wireSchema(schema, input)).map(parameterRow);
  const body = operation.body && toJsonSchema(operation.body, input, schemas);
  const responses = Object.entries(answers).flatMap(([status, answer]) =>
    answer === undefined ? [] : [responseRow(status, answer, schemas)],
  );
  return [
    `<article><h3 id="${escaped(id)}">${escaped(summary)}</h3>`,
    `<p><code><span class="method">${method}</span>/${escaped(route)}</code></p>`,
    `<p>${escaped(`${description} ${describeAudience(audience)}`)}</p>`,
    parameters.length === 0 ? '' : tableHtml(['Parameter', 'In', 'Meaning'], parameters),
    body === undefined ? '' : `<p>Body:</p>${schemaHtml(body)}`,
    tableHtml(['Status', 'Meaning', 'Body'], responses),
    '</article>',
  ].join('');
}

function parameterRow(parameter: DescribedParameter): readonly string[] {
  const { name, required, schema } = parameter;
  const description = schema['description'];
  const allowed = listOf(schema['enum']).map(textOf);
  const choices = allowed.length === 0 ? '' : ` One of: ${allowed.join(', ')}.`;
  return [
    `<code>${escaped(name)}</code>${required ? ' (required)' : ''}`,
    parameter.in,
    escaped(`${textOf(description)}${choices}`),
  ];
}

function responseRow(status: string, answer: Answer, schemas: Definitions): readonly string[] {
  const { description, schema, mediaTypes = ['application/json'] } = answer;
  if (schema === undefined) return [status, escaped(description), ''];
  const [type = ''] = mediaTypes;
  const body = type === 'application/json' ? toJsonSchema(schema, output, schemas) : {};
  return [status, escaped(description), `${escaped(type)}${'$ref' in body ? ` ${typeHtml(body)}` : ''}`];
}

function schemasHtml(schemas: Definitions): string {
  const sorted = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1));
  const each = sorted.map(
    ([name, schema]) => `<h3 id="schema-${slug(name)}">${escaped(name)}</h3>${schemaHtml(schema)}`,
  );
  return `<section><h2 id="schemas">Schemas</h2>${each.join('')}</section>`;
}

function schemaHtml(schema: JsonSchema): string {
  const members = Object.entries(asRecord(schema['properties']));
  if (members.length === 0) return `<p>${typeHtml(schema)}</p>`;
  const required = listOf(schema['required']);
  const rows = members.map(([name, member]) => [
    `<code>${escaped(name)}</code>${required.includes(name) ? '' : ' <span class="faint">optional</span>'}`,
    typeHtml(asRecord(member)),
    escaped(textOf(asRecord(member)['description'])),
  ]);
  return tableHtml(['Member', 'Type', 'Meaning'], rows);
}

/** A schema in a few words. */
function typeHtml(schema: JsonSchema): string {
  const { $ref, type, format, items, const: constant } = schema;
  if (typeof $ref === 'string') return refHtml($ref.split('/').at(-1) ?? '');
  const choices = listOf(schema['enum']).map(textOf);
  if (choices.length > 0) return escaped(choices.join(' | '));
  const others = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].map(asRecord);
  if (others.length > 0) return others.map(typeHtml).join(' or ');
  if (type === 'array') return `list of ${typeHtml(asRecord(items))}`;
  return escaped(
    textOf(type ?? constant ?? 'anything') + (format === undefined ? '' : ` (${textOf(format)})`),
  );
}

function refHtml(name: string): string {
  return `<a href="#schema-${slug(name)}">${escaped(name)}</a>`;
}

/** @param rows cells as HTML */
function tableHtml(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table>${line(head, 'th')}${rows.map((cells) => line(cells, 'td')).join('')}</table>`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** Text for HTML, in elements and in quoted attributes. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

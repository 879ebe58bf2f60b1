/** The connector: the rules of Power Automate, and that the shipped files match the operations. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { connectorFiles } from '../../../shared/description/connector-files.ts';
import { describeConnector } from '../../../shared/description/connector.ts';
import { allOperations } from '../../../shared/api/all.ts';
import { projectFolder } from '../../local/child.ts';

const operations = allOperations();

const schema = z.looseObject({ $ref: z.string().optional(), type: z.string().optional() });
const parameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  'x-ms-summary': z.string().optional(),
  description: z.string().optional(),
  'x-ms-dynamic-values': z.looseObject({ operationId: z.string() }).optional(),
});
const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  'x-ms-trigger': z.string().optional(),
  'x-ms-pageable': z.strictObject({ nextLinkName: z.literal('nextLink') }).optional(),
  parameters: z.array(parameter),
  responses: z.record(z.string(), z.looseObject({ schema: schema.optional() })),
});
const document = z.looseObject({
  host: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  definitions: z.record(
    z.string(),
    z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});

const connector = document.parse(describeConnector(operations, 'https://audit.example/api'));
const shown = Object.entries(connector.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => !method.startsWith('x-'))
    .map(([method, value]) => ({ path, method, ...operation.parse(value) })),
);
const named = (name: string) => shown.find(({ operationId }) => operationId === name);
const folder = join(projectFolder, 'connector');

describe('the definition', () => {
  it('gives every schema at most one type, the limit of Swagger 2.0', () => {
    expect(JSON.stringify(connector)).not.toMatch(/"type":\s*\[/);
  });
});

describe('the shipped files', () => {
  it('match the operations; npm run connector writes them', async () => {
    for (const [name, content] of connectorFiles()) {
      if (typeof content === 'string') expect(await readFile(join(folder, name), 'utf8')).toBe(content);
    }
  });

  it('have an icon of 230 by 230 pixels', async () => {
    const [file, drawn] = [await readFile(join(folder, 'icon.png')), connectorFiles().get('icon.png')];
    expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([230, 230]);
    expect(pixelsOf(file).equals(pixelsOf(Buffer.from(drawn ?? '')))).toBe(true);
  });
});

/** The content of a PNG's IDAT chunk: its compression depends on the machine. */
function pixelsOf(png: Buffer): Buffer {
  const at = png.indexOf('IDAT');
  return inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
}

describe('the connector', () => {
  it('knows the address of the app', () => {
    expect(connector.host).toBe('audit.example');
    expect(Object.keys(connector.paths).every((path) => path.startsWith('/api/'))).toBe(true);
  });

  it('has unique names, and texts for everything a maker sees', () => {
    expect(new Set(shown.map(({ operationId }) => operationId)).size).toBe(shown.length);
    for (const { summary, description, parameters } of shown) {
      expect(summary).toMatch(/^[A-Z][A-Za-z0-9 ()]{1,79}$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
      for (const each of parameters.filter(({ name }) => name !== 'body')) {
        expect([each.name, each['x-ms-summary'], each.description]).not.toContain(undefined);
      }
    }
  });

  it('offers tenants by name wherever one is required', () => {
    const tenants = shown.flatMap(({ parameters }) => parameters).filter(({ name }) => name === 'tenantId');
    expect(tenants.length).toBeGreaterThan(15);
    expect(tenants.every((each) => each['x-ms-dynamic-values']?.operationId === 'ListTenants')).toBe(true);
  });

  it('gives every operation one answer with a schema, or none at all', () => {
    for (const { operationId, responses } of shown) {
      const withSchema = Object.entries(responses).filter(([, response]) => response.schema !== undefined);
      expect([operationId, withSchema.length <= 1]).toEqual([operationId, true]);
    }
  });

  it('pages by nextLink, which is part of the answer', () => {
    const pageable = shown.filter((each) => each['x-ms-pageable'] !== undefined);
    expect(pageable.map(({ operationId }) => operationId).sort()).toEqual([
      ...['CountRecords', 'ListRecords', 'ListRecordsOfSearch', 'ListRecordsOfTenants'],
    ]);
    for (const { responses } of pageable) {
      const name = responses['200']?.schema?.$ref?.split('/').at(-1) ?? '';
      expect(Object.keys(connector.definitions[name]?.properties ?? {})).toEqual(
        expect.arrayContaining(['value', 'nextLink']),
      );
    }
  });

  it('has valid triggers, and a way to delete the webhook trigger', () => {
    const triggers = shown.filter((each) => each['x-ms-trigger'] !== undefined);
    expect(triggers.map(({ operationId }) => operationId).sort()).toEqual([
      ...['CreateSubscription', 'PollRecords', 'PollSearch'],
    ]);
    for (const { summary, description } of triggers) {
      expect(summary).toMatch(/^When /);
      expect(description).toMatch(/^This operation triggers when /);
    }
    expect(named('DeleteSubscription')).toMatchObject({ method: 'delete', 'x-ms-visibility': 'internal' });
  });

  it('declares the results that a gateway can poll, without the token that flows do not fill in', () => {
    for (const name of ['GetExportResult', 'GetEnablementResult']) {
      expect(named(name)).toMatchObject({ method: 'get', 'x-ms-visibility': 'internal' });
      expect(named(name)?.parameters.map((each) => each.name)).not.toContain('t');
    }
  });

  it('polls long-running operations and returns their result', () => {
    for (const name of ['StartExport', 'StartEnablement']) {
      expect(Object.keys(named(name)?.responses ?? {})).toEqual(expect.arrayContaining(['200', '202']));
      expect(named(name)?.responses['200']?.schema).toBeDefined();
    }
  });
});

/** The connector: the rules of Power Automate, and that the shipped files match the operations. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { connectorFiles } from '../../../shared/description/connector-files.ts';
import { describeConnectorProperties } from '../../../shared/description/connector-properties.ts';
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

function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield z.record(z.string(), z.unknown()).parse(value);
  for (const member of Object.values(value)) yield* objectsIn(member);
}

const body = z.looseObject({
  schema: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }),
});

/** What makers fill in: parameters, and the members of bodies. */
const fields = shown.flatMap(({ parameters }) =>
  parameters.flatMap((one): readonly z.infer<typeof parameter>[] => {
    if (one.in !== 'body') return [one];
    return [...objectsIn(body.parse(one).schema)].flatMap(({ properties = {} }) =>
      Object.entries(z.record(z.string(), z.unknown()).parse(properties)).map(([name, member]) =>
        parameter.parse({ ...z.looseObject({}).parse(member), name, in: 'body' }),
      ),
    );
  }),
);

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

  it('offers services, operations, record types, tenants and groups for choice wherever they are filled in', () => {
    const listed: Readonly<Record<string, string>> = {
      service: 'ListServices',
      operations: 'ListOperations',
      recordType: 'ListRecordTypes',
      tenants: 'ListTenantChoices',
    };
    const text = JSON.stringify(connector);
    for (const [name, operationId] of Object.entries(listed)) {
      const uses = fields.filter((each) => each.name === name);
      expect([name, uses.length > 0]).toEqual([name, true]);
      for (const use of uses)
        expect([name, use['x-ms-dynamic-values']]).toMatchObject([name, { operationId }]);
      expect(text).toContain(`"operationId":"${operationId}"`);
    }
    expect(fields.find(({ name }) => name === 'groupBy')).toMatchObject({
      type: 'string',
      enum: expect.arrayContaining(['user', 'operation', 'day']) as unknown,
    });
  });

  it('reads all tenants unless a maker chooses others, and asks for them first', () => {
    const ofTenants = shown.filter(({ parameters }) => parameters.some(({ name }) => name === 'tenants'));
    expect(ofTenants.map(({ operationId }) => operationId)).toEqual(
      expect.arrayContaining(['ListPostures', 'ListRecordsOfTenants', 'PollRecordsOfTenants']),
    );
    for (const { parameters } of ofTenants)
      expect(parameters[0]).toMatchObject({ name: 'tenants', 'x-ms-summary': 'Tenants', default: '*' });
    for (const name of ['SaveSearchOfTenants', 'StartRollout']) {
      const sent = named(name)?.parameters.find((each) => each.in === 'body');
      expect([name, Object.keys(body.parse(sent).schema.properties ?? {})[0]]).toEqual([name, 'tenants']);
    }
    expect(connector.definitions['NewRecordOfTenant']?.properties?.['tenantDisplayName']).toMatchObject({
      'x-ms-summary': 'Tenant',
    });
  });

  it('calls a member what the parameter that filters by it is called', () => {
    expect(connector.definitions['Record']?.properties?.['clientIp']).toMatchObject({
      'x-ms-summary': 'Client IP',
    });
    expect(JSON.stringify(connector)).not.toMatch(/"x-ms-summary":"[^"]*\b(Ip|Url|Upn|Id)\b/);
  });

  it('never repeats a title as the description', () => {
    const plain = (text: unknown) =>
      String(text)
        .toLowerCase()
        .replaceAll(/[^a-z0-9]/g, '');
    const repeated = [...objectsIn(connector)].filter(
      (each) => 'x-ms-summary' in each && plain(each['x-ms-summary']) === plain(each['description']),
    );
    expect(repeated).toEqual([]);
    const silent = [...objectsIn(connector)].filter(
      (each) => 'x-ms-summary' in each && !('description' in each),
    );
    expect(silent).toEqual([]);
  });

  it('signs in with a client key or with Microsoft Entra ID', () => {
    const sets = JSON.stringify(
      describeConnectorProperties(operations, 'f0e1d2c3-0000-4000-8000-000000000001'),
    );
    expect(sets).toContain('"api_key"');
    expect(sets).toContain('"identityProvider":"aad"');
    expect(sets).toContain('api://f0e1d2c3-0000-4000-8000-000000000001');
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
      ...[
        'CountRecords',
        'CountRecordsOfTenants',
        'ListBundleTenants',
        'ListFindings',
        'ListGaps',
        'ListPostures',
        'ListRecords',
        'ListRecordsOfSearch',
        'ListRecordsOfSearchOfTenants',
        'ListRecordsOfTenants',
        'ListReportSetTenants',
        'ListRoleHoldersOfTenants',
        'ListRolloutTenants',
      ],
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
      ...[
        'CreateSubscription',
        'CreateSubscriptionOfTenants',
        'PollRecords',
        'PollRecordsOfTenants',
        'PollSearch',
        'PollSearchOfTenants',
      ],
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

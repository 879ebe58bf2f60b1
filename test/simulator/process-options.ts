/** The options of the simulator process, from its environment and command line. */

import { parseArgs } from 'node:util';
import * as z from 'zod';
import { generatedContentSchema } from './activity/added-content.ts';
import { settingsChangeSchema } from './settings.ts';
import { simulatedTenantSchema } from './tenant-schema.ts';

const generateSchema = generatedContentSchema.partial({ kind: true }).extend({
  /** The tenant is generated if no other option provides it. */
  tenantId: z.guid(),
  domain: z.string().default('northwind.example'),
});

/** The options of `startSimulator` that can be expressed in JSON, and the source of the tenants. */
const processOptionsSchema = settingsChangeSchema.extend({
  tenants: z.array(simulatedTenantSchema).default([]),
  /** The demo tenants. */
  demo: z.boolean().default(false),
  /** The demo tenants start with auditing partly off. */
  partlyAudited: z.boolean().default(false),
  /** The demo tenants start without consent; the consent page grants everything, including the Exchange role. */
  noConsent: z.boolean().default(false),
  /** An NDJSON file that becomes one tenant. */
  records: z.string().optional(),
  /** Puts the file's DLP records into DLP.All. */
  dlpContent: z.boolean().default(false),
  generate: z.array(generateSchema).default([]),
  /** @default a file in a new temporary folder */
  caFile: z.string().optional(),
  port: z.int().nonnegative().optional(),
  controlPort: z.int().nonnegative().optional(),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
  expiredClientSecrets: z.array(z.string()).optional(),
  redirectUris: z.array(z.string()).optional(),
  certificatePem: z.string().optional(),
  publisherId: z.string().optional(),
  managedIdentity: z
    .strictObject({ clientId: z.string(), principalId: z.string(), homeTenantId: z.string() })
    .optional(),
  /** Values of secrets in the vault, by name. */
  secrets: z.record(z.string(), z.string()).optional(),
  seed: z.int().optional(),
  duplicateShare: z.number().min(0).max(1).optional(),
  maxRecordsPerBlob: z.int().positive().optional(),
  maxBlobBytes: z.int().positive().optional(),
  lineBreaks: z.boolean().optional(),
});

export type ProcessOptions = z.output<typeof processOptionsSchema>;

/**
 * Reads the JSON of SIMULATOR_OPTIONS (if any), then the command line, which takes precedence.
 * @throws Error for an unknown option, ZodError for an invalid value
 */
export const readProcessOptions = (
  environment: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): ProcessOptions => {
  const fromEnvironment = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(environment['SIMULATOR_OPTIONS'] ?? '{}'));
  return processOptionsSchema.parse({ ...fromEnvironment, ...readArguments(args) });
};

const readArguments = (args: readonly string[]): Readonly<Record<string, unknown>> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string' },
      demo: { type: 'boolean' },
      'partly-audited': { type: 'boolean' },
      'no-consent': { type: 'boolean' },
      port: { type: 'string' },
      'control-port': { type: 'string' },
      'page-size': { type: 'string' },
      'ca-file': { type: 'string' },
      seed: { type: 'string' },
      generate: { type: 'string', multiple: true },
    },
  });
  const given = {
    records: values.records,
    demo: values.demo,
    partlyAudited: values['partly-audited'],
    noConsent: values['no-consent'],
    port: toNumber(values.port),
    controlPort: toNumber(values['control-port']),
    pageSize: toNumber(values['page-size']),
    caFile: values['ca-file'],
    seed: toNumber(values.seed),
    generate: values.generate?.map((text): unknown => JSON.parse(text)),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
};

const toNumber = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

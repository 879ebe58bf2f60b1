/** Records as rows of a PostgreSQL database. */
import * as z from 'zod';
import type { DestinationKind } from '../kind.ts';
import { certificateAuthority, hostName, secretName } from './settings.ts';
import { encodeRow } from './postgresql/row.ts';

/** A name that SQL needs no quotes for, and that PostgreSQL does not keep for itself. */
const schemaName = /^(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,62}$/;
/** At most as long as PostgreSQL's names, and on one line. */
const roleName = /^\P{Cc}{1,63}$/u;

/** Of Azure alone: the token that is sent there also opens other databases. */
const azureHost =
  /\.postgres\.(?:cosmos\.azure\.com|database\.(?:azure\.com|usgovcloudapi\.net|chinacloudapi\.cn))$/i;

export const postgresqlSettings = z
  .strictObject({
    host: hostName,
    port: z.int().min(1).max(65_535).default(5432),
    database: z.string().regex(roleName).meta({ description: 'Name of the database. Its encoding is UTF8.' }),
    user: z.string().regex(roleName).meta({
      description: 'Role that signs in. For Entra ID, the name that the identity has in the database.',
    }),
    authentication: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('password'), secret: secretName }),
        z.strictObject({ kind: z.literal('entra') }),
      ])
      .meta({ description: "By a password from Key Vault, or by a token of the app's identity." }),
    schema: z
      .string()
      .regex(schemaName, 'must have lower-case letters, digits, and underscores, and not begin with pg_')
      .default('auditkeep')
      .meta({ description: 'Schema of the tables. It is created if it does not exist and the role may.' }),
    certificateAuthority: certificateAuthority.optional(),
  })
  .refine(({ host, authentication }) => authentication.kind !== 'entra' || azureHost.test(host), {
    path: ['host'],
    error: 'must be a server of Azure, such as ….postgres.database.azure.com, unless it has a password',
  });
export type PostgresqlSettings = z.output<typeof postgresqlSettings>;

/** Scope of the access token: the open-source databases of the cloud that the server is in. */
export function scopeOf(host: string): string {
  const other = ['usgovcloudapi.net', 'chinacloudapi.cn'].find((cloud) =>
    host.toLowerCase().endsWith(`.${cloud}`),
  );
  return `https://ossrdbms-aad.database.${other ?? 'windows.net'}/.default`;
}

/** One statement stores one batch; PostgreSQL gains little from larger ones, and memory would pay for them. */
const limits = { records: 1000, bytes: 4_000_000 };

export const postgresql: DestinationKind<'postgresql', PostgresqlSettings> = {
  name: 'postgresql',
  title: 'PostgreSQL',
  settings: postgresqlSettings,
  keepsDuplicates: false,
  limits: () => limits,
  encode: encodeRow,
};

/** Records as rows of a database in SQL Server or Azure SQL. */
import * as z from 'zod';
import type { DestinationKind } from '../kind.ts';
import { certificateAuthority, hostName, secretName } from './settings.ts';
import { encodeRow } from './sql-server/row.ts';

/** At most as long as names of SQL Server, and on one line. */
const sqlName = /^\P{Cc}{1,128}$/u;
/** A name that needs no brackets, and that SQL Server has not given to a schema of its own. */
const schemaName = /^(?!(?:sys|guest|information_schema|db_\w*)$)[a-z_][a-z0-9_]{0,62}$/;

/** Of Azure alone: the token that is sent there also opens other databases. */
const azureHost =
  /\.(?:database\.(?:windows\.net|fabric\.microsoft\.com|usgovcloudapi\.net|chinacloudapi\.cn))$/i;

export const sqlServerSettings = z
  .strictObject({
    host: hostName,
    port: z.int().min(1).max(65_535).default(1433),
    database: z.string().regex(sqlName).meta({ description: 'Name of the database.' }),
    authentication: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('entra') }),
        z.strictObject({
          kind: z.literal('password'),
          user: z.string().regex(sqlName).meta({ description: 'Login of SQL Server.' }),
          secret: secretName,
        }),
      ])
      .default({ kind: 'entra' })
      .meta({
        description:
          "By a token of the app's identity, in Azure; or by a login with a password from Key Vault.",
      }),
    schema: z
      .string()
      .regex(
        schemaName,
        'must have lower-case letters, digits, and underscores, and not be one of SQL Server',
      )
      .default('auditkeep')
      .meta({ description: 'Schema of the tables. It is created if it does not exist and the user may.' }),
    certificateAuthority: certificateAuthority.optional(),
  })
  .refine(({ host, authentication }) => authentication.kind !== 'entra' || azureHost.test(host), {
    path: ['host'],
    error:
      'must be a server of Azure SQL, such as ….database.windows.net, unless it has a login with a password',
  });
export type SqlServerSettings = z.output<typeof sqlServerSettings>;

/** Scope of the access token: Azure SQL of the cloud that the server is in. */
export function scopeOf(host: string): string {
  const government = ['usgovcloudapi.net', 'chinacloudapi.cn'].find((cloud) =>
    host.toLowerCase().endsWith(`.${cloud}`),
  );
  return `https://database.${government ?? 'windows.net'}/.default`;
}

/** Whether a server that was named by another one may have the token that the other one got. */
export function isAzureHost(host: string): boolean {
  return azureHost.test(host);
}

/** One statement stores one batch. Texts have two bytes a character on their way: memory would pay for larger ones. */
const limits = { records: 1000, bytes: 2_000_000 };

export const sqlServer: DestinationKind<'sqlServer', SqlServerSettings> = {
  name: 'sqlServer',
  title: 'SQL Server, Azure SQL',
  settings: sqlServerSettings,
  keepsDuplicates: false,
  limits: () => limits,
  encode: encodeRow,
};

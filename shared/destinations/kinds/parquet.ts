/** Records as Parquet files in a container of Azure Blob Storage, which engines for large questions read where they are. */
import * as z from 'zod';
import type { DestinationKind } from '../kind.ts';
import { certificateAuthority, httpsUrl, secretName } from './settings.ts';

/**
 * Of Azure alone: a token of the app's identity opens every account that lets it in.
 * @see https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-endpoints
 */
const azureHost =
  /^[0-9a-z]{3,24}(?:\.blob\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)|\.z\d{1,2}\.blob\.storage\.azure\.net)$/;

/** A container, and perhaps folders in it; neither a query nor empty names. */
function isFolder(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { pathname, search, hash } = new URL(text);
  return search === '' && hash === '' && /^(?:\/[^/]+)+\/?$/.test(pathname);
}

/** An hour less than what the deployment's alert on destinations that are behind takes for too much. */
const maxWaitMinutes = 300;

export const parquetSettings = z
  .strictObject({
    url: httpsUrl
      .refine(isFolder, { error: 'must be the address of a container, such as https://…/records' })
      .meta({
        description:
          'Address of the container, such as `https://ACCOUNT.blob.core.windows.net/records`; folders in it may follow.',
      }),
    authentication: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('entra') }),
        z.strictObject({ kind: z.literal('sas'), secret: secretName }),
      ])
      .default({ kind: 'entra' })
      .meta({ description: "By the app's identity, or by a shared access signature from Key Vault." }),
    waitMinutes: z.int().min(0).max(maxWaitMinutes).default(60).meta({
      description:
        'Minutes for which the records of a tenant wait for others at most, so that files are few and large.',
    }),
    certificateAuthority: certificateAuthority.optional(),
  })
  // As it will be connected to: a text may look like another host than it leads to.
  .refine(({ url, authentication: { kind } }) => kind !== 'entra' || azureHost.test(hostOf(url)), {
    path: ['url'],
    error: 'must be in a storage account of Azure, as the identity of the app signs in there',
  });
export type ParquetSettings = z.output<typeof parquetSettings>;

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

/** As much as a host with little memory holds several times over. */
const most = { records: 5_000, bytes: 8_000_000 } as const;

export const parquet: DestinationKind<'parquet', ParquetSettings> = {
  name: 'parquet',
  title: 'Parquet files in Azure Storage',
  settings: parquetSettings,
  // A batch that is sent again has the same files.
  keepsDuplicates: false,
  limits: ({ waitMinutes }) => ({ ...most, waitMs: waitMinutes * 60_000 }),
  // What a column of texts can hold: UTF-8.
  encode: ({ text }) => Buffer.from(text.toString('utf8')),
};

/** What sends records on. */
import type { TokenCredential } from '@azure/identity';
import { createSecretReader } from '../../shared/adapters/destinations/vault.ts';
import { openElasticsearch } from '../../shared/adapters/destinations/elasticsearch.ts';
import { openEventHubs } from '../../shared/adapters/destinations/event-hubs.ts';
import { openLogAnalytics } from '../../shared/adapters/destinations/log-analytics.ts';
import { openHttpsNdjson } from '../../shared/adapters/destinations/https-ndjson.ts';
import { createParquetOpener } from '../../shared/adapters/destinations/parquet.ts';
import { openPostgresql } from '../../shared/adapters/destinations/postgresql.ts';
import { createSplunkOpener } from '../../shared/adapters/destinations/splunk.ts';
import { openSqlServer } from '../../shared/adapters/destinations/sql-server.ts';
import { openSyslog } from '../../shared/adapters/destinations/syslog.ts';
import { identityOf } from '../../shared/adapters/storage.ts';
import type { Config } from '../../shared/config.ts';
import { allowedIn } from '../../shared/destinations/allowed-hosts.ts';
import {
  bindKind,
  SecretUnavailableError,
  type BoundKind,
  type SenderContext,
} from '../../shared/destinations/kind.ts';
import { elasticsearch } from '../../shared/destinations/kinds/elasticsearch.ts';
import { eventHubs } from '../../shared/destinations/kinds/event-hubs.ts';
import { logAnalytics } from '../../shared/destinations/kinds/log-analytics.ts';
import { httpsNdjson } from '../../shared/destinations/kinds/https-ndjson.ts';
import { parquet } from '../../shared/destinations/kinds/parquet.ts';
import { postgresql } from '../../shared/destinations/kinds/postgresql.ts';
import { splunk } from '../../shared/destinations/kinds/splunk.ts';
import { sqlServer } from '../../shared/destinations/kinds/sql-server.ts';
import { syslog } from '../../shared/destinations/kinds/syslog.ts';
import type { KindName } from '../../shared/destinations/kinds/kinds.ts';

/** A kind without a sender does not compile. */
const kindsOf = ({ storage }: Config): Readonly<Record<KindName, BoundKind>> => ({
  httpsNdjson: bindKind(httpsNdjson, openHttpsNdjson),
  logAnalytics: bindKind(logAnalytics, openLogAnalytics),
  postgresql: bindKind(postgresql, openPostgresql),
  sqlServer: bindKind(sqlServer, openSqlServer),
  elasticsearch: bindKind(elasticsearch, openElasticsearch),
  splunk: bindKind(splunk, createSplunkOpener()),
  syslog: bindKind(syslog, openSyslog),
  eventHubs: bindKind(eventHubs, openEventHubs),
  parquet: bindKind(
    parquet,
    createParquetOpener(storage.kind === 'identity' ? storage.blobServiceUri : undefined),
  ),
});

/** Of the identity that the app has for its storage, or else of the one that it signs in to tenants with. */
function credentialOf({ storage, credential }: Config): TokenCredential | undefined {
  if (storage.kind === 'identity') return identityOf(storage.clientId);
  return credential.kind === 'managedIdentity' ? identityOf(credential.identityClientId) : undefined;
}

export function createDestinations(
  config: Config,
  now: () => Date,
): {
  readonly destinationKinds: ReadonlyMap<string, BoundKind>;
  readonly senderContext: SenderContext;
} {
  const credential = credentialOf(config);
  const token = async (scope: string): Promise<string> => {
    const issued = await credential?.getToken(scope);
    if (issued?.token !== undefined) return issued.token;
    throw new SecretUnavailableError('The app has no identity to sign in with.');
  };
  return {
    destinationKinds: new Map(Object.entries(kindsOf(config))),
    senderContext: {
      secret: createSecretReader({ url: config.keyVaultUrl, token, now }),
      token,
      isAllowed: allowedIn(config.destinationNetworks),
      now,
    },
  };
}

/** The receivers that everything must arrive at: of each kind of destinations, one. */
import type { KindName } from '../../../../shared/destinations/kinds/kinds.ts';
import { eventHubsReceiver } from './event-hubs.ts';
import { elasticsearchReceiver, httpsNdjsonReceiver, logAnalyticsReceiver, splunkReceiver } from './https.ts';
import { parquetReceiver } from './parquet.ts';
import { postgresqlReceiver } from './postgresql.ts';
import { sqlServerReceiver } from './sql-server.ts';
import type { ReceiverOfKind } from './receiver.ts';

/**
 * A kind without one does not compile. Syslog acknowledges nothing and refuses nothing, so it cannot promise that everything arrives
 * when the receiver dies: test/contract/destinations/syslog.test.ts has what it does promise, against a real rsyslog.
 */
const byKind: Readonly<Record<Exclude<KindName, 'syslog'>, ReceiverOfKind>> = {
  httpsNdjson: httpsNdjsonReceiver,
  logAnalytics: logAnalyticsReceiver,
  postgresql: postgresqlReceiver,
  sqlServer: sqlServerReceiver,
  elasticsearch: elasticsearchReceiver,
  splunk: splunkReceiver,
  parquet: parquetReceiver,
  eventHubs: eventHubsReceiver,
};

export const receivers: readonly ReceiverOfKind[] = Object.values(byKind);

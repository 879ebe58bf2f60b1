/** The kinds of destinations. */
import { elasticsearch } from './elasticsearch.ts';
import { eventHubs } from './event-hubs.ts';
import { httpsNdjson } from './https-ndjson.ts';
import { logAnalytics } from './log-analytics.ts';
import { parquet } from './parquet.ts';
import { postgresql } from './postgresql.ts';
import { splunk } from './splunk.ts';
import { sqlServer } from './sql-server.ts';
import { syslog } from './syslog.ts';

/** By name, in the order in which documents list them. */
const kinds = {
  httpsNdjson,
  logAnalytics,
  postgresql,
  sqlServer,
  elasticsearch,
  splunk,
  syslog,
  parquet,
  eventHubs,
} as const;

export type KindName = keyof typeof kinds;

/** As requests name them. */
export const kindNames: readonly KindName[] = Object.values(kinds).map(({ name }) => name);

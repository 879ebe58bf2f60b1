/** The receivers that everything must arrive at: of each kind of destinations, one. */
import { httpsNdjsonReceiver, logAnalyticsReceiver } from './https.ts';
import { postgresqlReceiver } from './postgresql.ts';
import type { ReceiverOfKind } from './receiver.ts';

export const receivers: readonly ReceiverOfKind[] = [
  httpsNdjsonReceiver,
  logAnalyticsReceiver,
  postgresqlReceiver,
];

/** Describes one request to the simulator, for matching faults and for counters. */

import * as z from 'zod';

/**
 * `list` is subscriptions/list; `content` is the listing of content blobs; `exchange-item` is a command within
 * a batch, which is one `exchange` request; `audit-search` is Graph's search of the audit log; `vault` is a secret of Key Vault; `other` is a request without a route.
 */
export const operationSchema = z.enum([
  'metadata',
  'token',
  'start',
  'stop',
  'list',
  'content',
  'blob',
  'notifications',
  'graph',
  'audit-search',
  'consent',
  'exchange',
  'exchange-item',
  'partner-center',
  'vault',
  'other',
]);

export type Operation = z.output<typeof operationSchema>;

export interface Call {
  readonly operation: Operation;
  readonly tenantId?: string | undefined;
  readonly contentType?: string | undefined;
  readonly contentId?: string | undefined;
  /** Whether it requests a page of a listing after the first. */
  readonly isNextPage?: boolean | undefined;
  /** Name of the cmdlet, unless the request is a batch. */
  readonly cmdlet?: string | undefined;
  /** The Identity parameter of the cmdlet, as sent. */
  readonly identity?: string | undefined;
  /** The PublisherIdentifier as sent. */
  readonly publisherId?: string | undefined;
}

const activityOperations: readonly Operation[] = [
  'start',
  'stop',
  'list',
  'content',
  'blob',
  'notifications',
];

/** Whether the call belongs to the Office 365 Management Activity API. */
export const isActivityCall = (call: Call): boolean => activityOperations.includes(call.operation);

/** Whether the call belongs to Microsoft Graph. */
export const isGraphCall = (call: Call): boolean =>
  call.operation === 'graph' || call.operation === 'audit-search';

/** Whether the call belongs to the Exchange admin endpoint. */
export const isExchangeCall = (call: Call): boolean =>
  call.operation === 'exchange' || call.operation === 'exchange-item';

/** Whether the call belongs to Key Vault. */
export const isVaultCall = (call: Call): boolean => call.operation === 'vault';

/** Whether the call belongs to Partner Center. */
export const isPartnerCenterCall = (call: Call): boolean => call.operation === 'partner-center';

/** What the cost depends on. */

/** Sizes of an instance in megabytes; Flex Consumption has no others. */
export const memorySizes = [512, 2048, 4096] as const;

export interface CostInputs {
  readonly tenants: number;
  /** Of each tenant. */
  readonly recordsPerDay: number;
  /** Of each tenant; each is read once, when auditing is enabled. */
  readonly mailboxes: number;
  /** How long records are kept; the later month of the bill is the one that keeps so many. */
  readonly retentionDays: number;
  /** Pages of answers, of all tenants together. */
  readonly queriesPerDay: number;
  readonly memory: (typeof memorySizes)[number];
  readonly privateEndpoints: number;
  /** Microsoft announces new content, and each tenant is polled then (docs/feed-webhook.md). */
  readonly feedWebhook: boolean;
}

export const defaults: CostInputs = {
  tenants: 1,
  recordsPerDay: 1000,
  mailboxes: 100,
  retentionDays: 365,
  queriesPerDay: 100,
  memory: 512,
  privateEndpoints: 0,
  feedWebhook: false,
};

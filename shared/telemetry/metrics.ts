/** The closed list of metrics: how much, how far behind, how expensive. */

export interface MetricDescription {
  /** A counter adds up, a gauge says what stands there now. */
  readonly kind: 'counter' | 'gauge';
  /** In the notation of UCUM, as OpenTelemetry wants it. */
  readonly unit: string;
  readonly dimensions: readonly string[];
  readonly description: string;
}

/** Alerts, the workbook and `docs/telemetry.md` hold on to these names. */
export const metrics = {
  'auditkeep.dollars': {
    kind: 'counter',
    unit: 'USD',
    dimensions: ['function'],
    description: 'Estimated cost of compute and storage operations of invocations.',
  },
  'auditkeep.dropped': {
    kind: 'counter',
    unit: '{event}',
    dimensions: ['reason'],
    description:
      'Events that were never sent: `full` (too many at once) or `refused` (ingestion did not take them, however often tried).',
  },
  'auditkeep.gaps': {
    kind: 'gauge',
    unit: '{gap}',
    dimensions: ['tenantId'],
    description: 'Ranges and content blobs that are lost for good.',
  },
  'auditkeep.lag': {
    kind: 'gauge',
    unit: 's',
    dimensions: ['tenantId', 'contentType'],
    description:
      'Now minus completeThrough; while a content type was never listed, the time since the tenant was registered.',
  },
  'auditkeep.pending': {
    kind: 'gauge',
    unit: '{item}',
    dimensions: ['tenantId'],
    description: 'Landings that are not indexed yet and content blobs that have not landed yet.',
  },
  'auditkeep.poison': {
    kind: 'gauge',
    unit: '{message}',
    dimensions: ['queue'],
    description: 'Messages in a poison queue: given up after five attempts.',
  },
  'auditkeep.records': {
    kind: 'counter',
    unit: '{record}',
    dimensions: ['tenantId'],
    description: 'Records that came into the index.',
  },
  'auditkeep.refused': {
    kind: 'gauge',
    unit: '1',
    dimensions: ['tenantId'],
    description:
      '1 while nothing of an active tenant is collected because its consent, or our own credential, is not accepted; else 0.',
  },
  'auditkeep.rows': {
    kind: 'counter',
    unit: '{row}',
    dimensions: ['tenantId'],
    description: 'Rows of the index that were written.',
  },
  'auditkeep.tenants': {
    kind: 'gauge',
    unit: '{tenant}',
    dimensions: [],
    description: 'Active tenants; reported before they are measured.',
  },
  'auditkeep.throttles': {
    kind: 'counter',
    unit: '{answer}',
    dimensions: ['api', 'tenantId'],
    description:
      'Answers of Microsoft that ask to slow down (429, and 403 with AF429); api is activity, graph, exchange or signIn.',
  },
  'auditkeep.unmeasured': {
    kind: 'gauge',
    unit: '{tenant}',
    dimensions: [],
    description: 'Active tenants that this look could not measure: their other gauges are missing.',
  },
} as const satisfies Readonly<Record<string, MetricDescription>>;

export type MetricName = keyof typeof metrics;

export type DimensionsOf<Name extends MetricName> = Readonly<
  Record<(typeof metrics)[Name]['dimensions'][number], string>
>;

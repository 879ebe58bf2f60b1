/** The closed list of metrics: volume, delay, and cost. */

export interface MetricDescription {
  /** A counter adds up; a gauge reports the current value. */
  readonly kind: 'counter' | 'gauge';
  /** In UCUM notation, as OpenTelemetry requires. */
  readonly unit: string;
  readonly dimensions: readonly string[];
  readonly description: string;
}

/** Alerts, the workbook, and `docs/telemetry.md` depend on these names. */
export const metrics = {
  'auditkeep.dollars': {
    kind: 'counter',
    unit: 'USD',
    dimensions: ['function'],
    description: 'Estimated cost of the compute and storage operations of invocations.',
  },
  'auditkeep.dropped': {
    kind: 'counter',
    unit: '{event}',
    dimensions: ['reason'],
    description:
      'Events that were never sent: `full` (too many at once) or `refused` (ingestion rejected them despite retries).',
  },
  'auditkeep.gaps': {
    kind: 'gauge',
    unit: '{gap}',
    dimensions: ['tenantId'],
    description: 'Time ranges and content blobs that are permanently lost.',
  },
  'auditkeep.lag': {
    kind: 'gauge',
    unit: 's',
    dimensions: ['tenantId', 'contentType'],
    description:
      'Now minus completeThrough; for a content type that was never listed, the time since the tenant was registered.',
  },
  'auditkeep.pending': {
    kind: 'gauge',
    unit: '{item}',
    dimensions: ['tenantId'],
    description: 'Landings that are not indexed yet, and content blobs that have not landed yet.',
  },
  'auditkeep.poison': {
    kind: 'gauge',
    unit: '{message}',
    dimensions: ['queue'],
    description: 'Messages in a poison queue, which failed five times.',
  },
  'auditkeep.records': {
    kind: 'counter',
    unit: '{record}',
    dimensions: ['tenantId'],
    description: 'Records added to the index.',
  },
  'auditkeep.refused': {
    kind: 'gauge',
    unit: '1',
    dimensions: ['tenantId'],
    description:
      "1 while nothing is collected from an active tenant because Microsoft rejects its consent or the app's credential; otherwise 0.",
  },
  'auditkeep.rows': {
    kind: 'counter',
    unit: '{row}',
    dimensions: ['tenantId'],
    description: 'Index rows written.',
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
      'Throttling answers from Microsoft (429, and 403 with AF429); `api` is activity, graph, exchange, or signIn.',
  },
  'auditkeep.unmeasured': {
    kind: 'gauge',
    unit: '{tenant}',
    dimensions: [],
    description: 'Active tenants that could not be measured: their other gauges are missing.',
  },
} as const satisfies Readonly<Record<string, MetricDescription>>;

export type MetricName = keyof typeof metrics;

export type DimensionsOf<Name extends MetricName> = Readonly<
  Record<(typeof metrics)[Name]['dimensions'][number], string>
>;

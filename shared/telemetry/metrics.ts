/** The closed list of metrics: volume, delay, and cost. */

export interface MetricDescription {
  /** A counter adds up; a gauge reports the current value. */
  readonly kind: 'counter' | 'gauge';
  /** In UCUM notation, as OpenTelemetry requires. */
  readonly unit: string;
  readonly dimensions: readonly string[];
  readonly description: string;
}

function counter<const D extends readonly string[]>(unit: string, dimensions: D, description: string) {
  return { kind: 'counter', unit, dimensions, description } as const;
}

function gauge<const D extends readonly string[]>(unit: string, dimensions: D, description: string) {
  return { kind: 'gauge', unit, dimensions, description } as const;
}

/** Alerts, the workbook, and `docs/telemetry.md` depend on these names. */
export const metrics = {
  'auditkeep.channelLag': gauge(
    's',
    ['channelId', 'kind'],
    'Time since the oldest message was due that a channel has not sent; 0 when everything was.',
  ),
  'auditkeep.destinationLag': gauge(
    's',
    ['destinationId', 'kind'],
    'Time since the oldest landing arrived that was not sent on to a destination; 0 when everything was.',
  ),
  'auditkeep.dollars': counter(
    'USD',
    ['function'],
    'Estimated cost of the compute and storage operations of invocations.',
  ),
  'auditkeep.dropped': counter(
    '{event}',
    ['reason'],
    'Events that were never sent: `full` (too many at once) or `refused` (ingestion rejected them despite retries).',
  ),
  'auditkeep.gaps': gauge('{gap}', ['tenantId'], 'Time ranges and content blobs that are permanently lost.'),
  'auditkeep.lag': gauge(
    's',
    ['tenantId', 'contentType'],
    'Now minus the time through which everything that was listed is indexed; for a content type that was never listed, the time since the tenant was registered.',
  ),
  'auditkeep.overdue': gauge(
    's',
    ['tenantId'],
    'Time since everything was deleted that the retention of a tenant does not keep; nothing is due under legal hold. Only for tenants with a retention.',
  ),
  'auditkeep.pending': gauge(
    '{item}',
    ['tenantId'],
    'Landings that are not indexed yet, and content blobs that have not landed yet.',
  ),
  'auditkeep.poison': gauge('{message}', ['queue'], 'Messages in a poison queue, which failed five times.'),
  'auditkeep.records': counter('{record}', ['tenantId'], 'Records added to the index.'),
  'auditkeep.refused': gauge(
    '1',
    ['tenantId'],
    "1 while nothing is collected from an active tenant because Microsoft rejects its consent or the app's credential; otherwise 0.",
  ),
  'auditkeep.rows': counter('{row}', ['tenantId'], 'Index rows written.'),
  'auditkeep.tenants': gauge('{tenant}', [], 'Active tenants; reported before they are measured.'),
  'auditkeep.throttles': counter(
    '{answer}',
    ['api', 'tenantId'],
    'Throttling answers from Microsoft (429, and 403 with AF429); `api` is activity, graph, exchange, partnerCenter, or signIn.',
  ),
  'auditkeep.unmeasured': gauge(
    '{tenant}',
    [],
    'Active tenants that could not be measured: their other gauges are missing.',
  ),
} as const satisfies Readonly<Record<string, MetricDescription>>;

export type MetricName = keyof typeof metrics;

export type DimensionsOf<Name extends MetricName> = Readonly<
  Record<(typeof metrics)[Name]['dimensions'][number], string>
>;

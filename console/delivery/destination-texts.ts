/** What the console says about destinations. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';

export type Destination = AnswerTo<'ListDestinations'>['value'][number];
export type Progress = AnswerTo<'ListDestinationTenants'>['value'][number];

interface State {
  readonly tone: Tone;
  readonly text: string;
}

const states: Readonly<Record<Destination['status'], State>> = {
  active: { tone: 'good', text: 'Active' },
  paused: { tone: 'neutral', text: 'Paused' },
  failing: { tone: 'warning', text: 'Fails, is retried' },
  misconfigured: { tone: 'bad', text: 'Needs a change' },
};

/** Channels have the same states. */
export function stateOfDestination({ status }: Pick<Destination, 'status'>): State {
  return states[status];
}

const progressStates: Readonly<Record<Progress['status'], State>> = {
  current: { tone: 'good', text: 'Everything was sent' },
  behind: { tone: 'busy', text: 'Records wait' },
  undecided: { tone: 'warning', text: 'The last record was refused' },
};

export function stateOfProgress({ status }: Progress): State {
  return progressStates[status];
}

const kinds: Readonly<Record<string, string>> = {
  httpsNdjson: 'HTTPS, JSON lines',
  logAnalytics: 'Microsoft Sentinel',
  postgresql: 'PostgreSQL',
  sqlServer: 'SQL Server, Azure SQL',
  elasticsearch: 'Elasticsearch, OpenSearch',
  splunk: 'Splunk',
  syslog: 'Syslog',
  parquet: 'Parquet files',
  eventHubs: 'Event Hubs',
};

/** Kinds of a later release are shown by their names. */
export function kindText(kind: string): string {
  return kinds[kind] ?? kind;
}

export function tenantsText(tenants: string): string {
  return tenants === '*' ? 'All' : tenants.replaceAll(',', ', ');
}

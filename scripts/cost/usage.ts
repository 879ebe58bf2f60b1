/** From tenants and records to what Azure counts in a day. */
import type { CostInputs } from './inputs.ts';
import { assumed, measured } from './measured.ts';
import {
  maxLandingBytes,
  pollsPerDay,
  queuePollSeconds,
  queues,
  roundsPerQuietPoll,
  tenantsAtOnce,
  timerRunsPerDay,
} from './schedule.ts';

/** Of an average day, after all tenants are onboarded. */
export interface DailyUsage {
  readonly executions: number;
  /** Of all executions, each at least a second. */
  readonly seconds: number;
  readonly blobWrites: number;
  readonly blobReads: number;
  /** Leases, which are neither reads nor writes. */
  readonly otherBlobOperations: number;
  readonly tableTransactions: number;
  /** For messages. */
  readonly queueOperations: number;
  /** For polling empty queues. */
  readonly idleQueuePolls: number;
  readonly logBytes: number;
  readonly vaultOperations: number;
  readonly egressBytes: number;
  /** Kept. */
  readonly rawBytes: number;
  readonly indexBytes: number;
}

/** Of the month in which tenants are onboarded, in addition to its days. */
export interface OnboardingUsage {
  readonly executions: number;
  readonly seconds: number;
  readonly storageOperations: number;
}

const secondsPerDay = 24 * 60 * 60;
const million = 1_000_000;
const shortestBilledSeconds = 1;

/** A day's polls of all tenants. */
interface Polls {
  readonly busy: number;
  readonly quiet: number;
  readonly landings: number;
  readonly records: number;
}

/** At worst: every poll finds something while there are records enough for that. */
function pollsOf({ tenants, recordsPerDay }: CostInputs): Polls {
  const busy = Math.min(pollsPerDay, recordsPerDay);
  const quiet = Math.ceil((pollsPerDay - busy) / roundsPerQuietPoll);
  const textOfPoll = (assumed.textBytesPerRecord * recordsPerDay) / Math.max(1, busy);
  const landings = busy * Math.ceil(textOfPoll / maxLandingBytes);
  return {
    busy: tenants * busy,
    // The daily reconciliation finds nothing new.
    quiet: tenants * (quiet + 1),
    landings: tenants * landings,
    records: tenants * recordsPerDay,
  };
}

export function dailyUsage(inputs: CostInputs): DailyUsage {
  const polls = pollsOf(inputs);
  const { busy, quiet, landings, records } = polls;
  const runs = sum(Object.values(timerRunsPerDay));
  // A reconciliation is a message of its own.
  const executions = runs + landings + inputs.tenants + inputs.queriesPerDay;
  const storage = storageOf(inputs, polls);
  return {
    ...storage,
    executions,
    seconds: secondsOf(inputs, polls),
    blobReads: landings,
    idleQueuePolls: (queues * secondsPerDay) / queuePollSeconds,
    logBytes: logBytesOf(inputs, { executions, polls: busy + quiet, landings, storage }),
    vaultOperations: assumed.vaultReadsPerDay,
    egressBytes: inputs.queriesPerDay * assumed.bytesPerPage,
    rawBytes: records * assumed.rawBytesPerRecord,
    indexBytes:
      records * measured.indexBytesPerRecord +
      landings * assumed.tableBytesPerLanding +
      inputs.queriesPerDay * assumed.accessLogBytes,
  };
}

function storageOf({ tenants, queriesPerDay }: CostInputs, { busy, quiet, records }: Polls) {
  const of = (perBusyPoll: number, perQuietPoll: number, perMillion: number) =>
    busy * perBusyPoll + quiet * perQuietPoll + (records * perMillion) / million;
  const { blobWritesPerSmallPoll, blobWritesPerQuietPoll, blobWritesPerMillionSmall } = measured;
  const { tableTransactionsPerSmallPoll: tablesPerPoll, tableTransactionsPerQuietPoll } = measured;
  const { queueOperationsPerSmallPoll, queueOperationsPerQuietPoll, queueOperationsPerMillionSmall } =
    measured;
  const watched = tenants * runsOf('watch-collection') * assumed.watchRequestsPerTenant;
  // Each page also writes a row of the access log.
  const queried = queriesPerDay * (measured.requestsPerPage + 1);
  const collected = of(
    tablesPerPoll,
    tableTransactionsPerQuietPoll,
    measured.tableTransactionsPerMillionSmall,
  );
  const timerLeases = Object.keys(timerRunsPerDay).length * assumed.timerLeasesPerDay;
  return {
    blobWrites: of(blobWritesPerSmallPoll, blobWritesPerQuietPoll, blobWritesPerMillionSmall),
    tableTransactions: collected + watched + queried,
    queueOperations: of(
      queueOperationsPerSmallPoll,
      queueOperationsPerQuietPoll,
      queueOperationsPerMillionSmall,
    ),
    otherBlobOperations: assumed.hostLeasesPerDay + timerLeases,
  };
}

/** As if no two executions ever shared an instance, which Azure would bill once. */
function secondsOf(inputs: CostInputs, { busy, quiet, landings, records }: Polls): number {
  const polling = (busy * assumed.secondsPerBusyPoll + quiet * assumed.secondsPerQuietPoll) / tenantsAtOnce;
  const indexing = landings * assumed.secondsPerLanding + records * assumed.secondsPerRecordIndexed;
  const otherRuns = sum(Object.values(timerRunsPerDay)) - runsOf('poll-activity-feed');
  return (
    Math.max(runsOf('poll-activity-feed') * shortestBilledSeconds, polling) +
    indexing +
    (otherRuns + inputs.tenants + inputs.queriesPerDay) * shortestBilledSeconds
  );
}

interface Logged {
  readonly executions: number;
  readonly polls: number;
  readonly landings: number;
  readonly storage: ReturnType<typeof storageOf>;
}

/** Events, metrics, and the writes that the storage account logs. */
function logBytesOf({ tenants }: CostInputs, { executions, polls, landings, storage }: Logged): number {
  const events = executions * assumed.eventsPerExecution + polls + landings;
  const metrics =
    landings * assumed.metricsPerLanding +
    runsOf('watch-collection') * (tenants * assumed.gaugesPerTenant + assumed.gaugesOfApp + queues) +
    executions;
  const writes = storage.blobWrites + storage.queueOperations + storage.otherBlobOperations;
  return events * assumed.eventBytes + metrics * assumed.metricBytes + writes * assumed.storageLogBytes;
}

export function onboardingUsage({ tenants, mailboxes }: CostInputs): OnboardingUsage {
  const thousands = (tenants * mailboxes) / 1000;
  const executions = mailboxes === 0 ? 0 : tenants * assumed.enablementMessages;
  return {
    executions,
    seconds: executions * shortestBilledSeconds + thousands * measured.secondsPer1000Mailboxes,
    storageOperations: thousands * measured.storageOperationsPer1000Mailboxes,
  };
}

function runsOf(timer: string): number {
  return timerRunsPerDay[timer] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

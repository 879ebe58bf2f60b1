/** From tenants and records to what Azure counts. */
import type { CostInputs } from './inputs.ts';
import { assumed, measured } from './measured.ts';
import {
  hintedPollsPerDay,
  maxLandingBytes,
  pollsPerDay,
  queuePollSeconds,
  queues,
  roundsPerQuietPoll,
  tenantsAtOnce,
  timerRunsPerDay,
} from './schedule.ts';

const secondsPerDay = 24 * 60 * 60;
const million = 1_000_000;
const shortestBilledSeconds = 1;
/** The tables of a tenant are listed, and its layouts. */
const requestsPerCompaction = 2;
/** The daily reconciliation: landings that are not indexed, the newest one, and what is announced. */
const requestsPerReconciliation = 3;
/** It is sent, received, and deleted. */
const operationsPerMessage = 3;
/** Seven rows are read twice, 1,000 at once. */
const requestsPerCompacted = 0.014;

/** A day's polls of all tenants. At worst every poll finds something while there are enough records for that. */
function pollsOf({ tenants, recordsPerDay, feedWebhook }: CostInputs) {
  const busy = Math.min(feedWebhook ? hintedPollsPerDay : pollsPerDay, recordsPerDay);
  const quiet = Math.ceil(Math.max(0, pollsPerDay - busy) / roundsPerQuietPoll);
  const textOfPoll = (assumed.textBytesPerRecord * recordsPerDay) / Math.max(1, busy);
  const landings = busy * Math.ceil(textOfPoll / maxLandingBytes);
  return {
    busy: tenants * busy,
    /** Of the busy ones, those that a notification requests; each is a message. */
    hinted: feedWebhook ? tenants * busy : 0,
    // The daily reconciliation finds nothing new.
    quiet: tenants * (quiet + 1),
    landings: tenants * landings,
    records: tenants * recordsPerDay,
  };
}

type Polls = ReturnType<typeof pollsOf>;

/** Of an average day, after all tenants are onboarded. */
export function dailyUsage(inputs: CostInputs) {
  const polls = pollsOf(inputs);
  const { landings, records, hinted } = polls;
  // The daily reconciliation and the daily check of a tenant are a message each, as is a hint, after its notification.
  const executions = timerRuns + landings + 2 * inputs.tenants + inputs.queriesPerDay + 2 * hinted;
  const storage = storageOf(inputs, polls);
  return {
    ...storage,
    executions,
    /** Of all executions, each at least a second. */
    seconds: secondsOf(inputs, polls),
    blobReads: landings,
    /** For polling empty queues. */
    idleQueuePolls: (queues * secondsPerDay) / queuePollSeconds,
    logBytes: logBytesOf(inputs, polls, { ...storage, executions }),
    vaultOperations: assumed.vaultReadsPerDay,
    egressBytes: inputs.queriesPerDay * assumed.bytesPerPage,
    /** Kept, like everything below. */
    rawBytes: records * assumed.rawBytesPerRecord,
    /** Until their month is compacted … */
    indexBytes: records * (measured.indexBytesPerRecord - assumed.claimBytesPerRecord),
    /** … and afterwards. */
    segmentBytes: records * assumed.segmentBytesPerRecord,
    /** Rows that are not compacted. */
    otherRowBytes:
      records * assumed.claimBytesPerRecord +
      landings * assumed.tableBytesPerLanding +
      inputs.queriesPerDay * assumed.accessLogBytes,
  };
}

export type DailyUsage = ReturnType<typeof dailyUsage>;

function storageOf({ tenants, queriesPerDay }: CostInputs, polls: Polls) {
  const { busy, quiet, records, hinted, landings } = polls;
  const collecting = (what: 'blobWrites' | 'tableTransactions' | 'queueOperations') =>
    busy * measured[`${what}PerSmallPoll`] +
    quiet * measured[`${what}PerQuietPoll`] +
    (records * measured[`${what}PerMillionSmall`]) / million;
  const announcing = landings * assumed.requestsPerAnnouncement + tenants * requestsPerReconciliation;
  const watching = tenants * timerRunsPerDay['watch-collection'] * assumed.watchRequestsPerTenant;
  // Each page also writes a row of the access log.
  const querying = queriesPerDay * (measured.requestsPerPage + 1);
  const compacting =
    tenants * timerRunsPerDay['compact-index'] * requestsPerCompaction + records * requestsPerCompacted;
  const timerLeases = Object.keys(timerRunsPerDay).length * assumed.timerLeasesPerDay;
  return {
    blobWrites: collecting('blobWrites'),
    tableTransactions: collecting('tableTransactions') + announcing + watching + querying + compacting,
    /** For messages. */
    queueOperations: collecting('queueOperations') + operationsPerMessage * hinted,
    /** Leases, which are neither reads nor writes. */
    otherBlobOperations: assumed.hostLeasesPerDay + timerLeases,
  };
}

const timerRuns = Object.values(timerRunsPerDay).reduce<number>((sum, runs) => sum + runs, 0);

/** As if no two executions ever shared an instance, which Azure would bill once. */
function secondsOf(inputs: CostInputs, { busy, quiet, hinted, landings, records }: Polls): number {
  const ofTimer =
    ((busy - hinted) * assumed.secondsPerBusyPoll + quiet * assumed.secondsPerQuietPoll) / tenantsAtOnce;
  // Each is a message of its own, after a notification.
  const ofHints = hinted * (assumed.secondsPerBusyPoll + shortestBilledSeconds);
  const perRecord = assumed.secondsPerRecordIndexed + assumed.secondsPerRecordCompacted;
  const indexing = landings * assumed.secondsPerLanding + records * perRecord;
  const otherRuns = timerRuns - pollsPerDay + 2 * inputs.tenants + inputs.queriesPerDay;
  return (
    Math.max(pollsPerDay * shortestBilledSeconds, ofTimer) +
    ofHints +
    indexing +
    otherRuns * shortestBilledSeconds
  );
}

type Counted = ReturnType<typeof storageOf> & { readonly executions: number };

/** Events, metrics, and the writes that the storage account logs. */
function logBytesOf({ tenants }: CostInputs, { busy, quiet, landings }: Polls, counted: Counted): number {
  const { executions } = counted;
  const events = executions * assumed.eventsPerExecution + busy + quiet + landings;
  const gauges = tenants * assumed.gaugesPerTenant + assumed.gaugesOfApp + queues;
  const metrics =
    landings * assumed.metricsPerLanding + timerRunsPerDay['watch-collection'] * gauges + executions;
  const writes = counted.blobWrites + counted.queueOperations + counted.otherBlobOperations;
  return events * assumed.eventBytes + metrics * assumed.metricBytes + writes * assumed.storageLogBytes;
}

/** Of the month in which tenants are onboarded, in addition to its days. */
export function onboardingUsage({ tenants, mailboxes }: CostInputs) {
  const thousands = (tenants * mailboxes) / 1000;
  const executions = mailboxes === 0 ? 0 : tenants * assumed.enablementMessages;
  return {
    executions,
    seconds: executions * shortestBilledSeconds + thousands * measured.secondsPer1000Mailboxes,
    storageOperations: thousands * measured.storageOperationsPer1000Mailboxes,
  };
}

/** From what Azure counts to what it charges: in the first month, and in the later one that keeps all records. */
import type { CostInputs } from './inputs.ts';
import { assumed } from './measured.ts';
import { prices } from './prices.ts';
import { logAlerts, metricAlerts } from './schedule.ts';
import { dailyUsage, onboardingUsage, type DailyUsage } from './usage.ts';

export interface BillItem {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  /** Of the first month, before free amounts are subtracted. */
  readonly quantity: number;
  readonly laterQuantity: number;
  /** In dollars. */
  readonly first: number;
  readonly later: number;
}

export interface Bill {
  readonly items: readonly BillItem[];
  readonly first: number;
  readonly later: number;
  /** Dollars of the later month for a million records; undefined without records. */
  readonly perMillionRecords: number | undefined;
}

const daysPerMonth = 30;
const gigabyte = 1e9;

export function billOf(inputs: CostInputs): Bill {
  const items = [...countedCharges(inputs), ...otherCharges(inputs)].map(toItem);
  const total = (which: 'first' | 'later') => items.reduce((sum, item) => sum + item[which], 0);
  const [first, later] = [total('first'), total('later')];
  const millions = (inputs.tenants * inputs.recordsPerDay * daysPerMonth) / 1e6;
  return { items, first, later, perMillionRecords: millions === 0 ? undefined : later / millions };
}

interface Charge {
  readonly key: string;
  readonly label: string;
  readonly unit?: string;
  /** Of each month. */
  readonly quantity: number;
  /** Added to the first month. */
  readonly extra?: number;
  readonly price: number;
  readonly free?: number;
}

function toItem({ key, label, unit = '', quantity, extra = 0, price, free = 0 }: Charge): BillItem {
  const charged = (amount: number) => Math.max(0, amount - free) * price;
  const [first, later] = [charged(quantity + extra), charged(quantity)];
  return { key, label, unit, quantity: quantity + extra, laterQuantity: quantity, first, later };
}

function charge(key: string, label: string, quantity: number, price: number): Charge {
  return { key, label, quantity, price };
}

/** Executions, and operations of storage. */
function countedCharges(inputs: CostInputs): readonly Charge[] {
  const [day, once] = [dailyUsage(inputs), onboardingUsage(inputs)];
  const { compute, free, fromMemory, perTenThousand } = prices;
  const instanceGigabytes = inputs.memory / 1024;
  const monthly = (key: keyof DailyUsage, label: string, price: number) =>
    charge(key, label, day[key] * daysPerMonth, price);
  const operations = (key: keyof DailyUsage, label: string, price: number) =>
    monthly(key, label, price / 10_000);
  const executions = monthly('executions', 'executions', compute.perMillionExecutions / 1e6);
  const gigabyteSeconds = day.seconds * daysPerMonth * instanceGigabytes;
  const time = charge('gigabyteSeconds', 'execution time', gigabyteSeconds, compute.perGigabyteSecond);
  const tables = operations('tableTransactions', 'table transactions', perTenThousand.tableWrites);
  return [
    { ...executions, extra: once.executions, free: free.executions },
    { ...time, extra: once.seconds * instanceGigabytes, unit: 'GB-s', free: free.gigabyteSeconds },
    operations('blobWrites', 'blob writes', perTenThousand.blobWrites),
    operations('blobReads', 'blob reads', perTenThousand.blobReads),
    operations('otherBlobOperations', 'leases of the host', fromMemory.perTenThousandOtherBlobOperations),
    { ...tables, extra: once.storageOperations },
    operations('queueOperations', 'queue operations', perTenThousand.queueOperations),
    operations('idleQueuePolls', 'polls of idle queues', perTenThousand.queueOperations),
  ];
}

/** What is kept, and everything around the app. */
function otherCharges(inputs: CostInputs): readonly Charge[] {
  const day = dailyUsage(inputs);
  const { fromMemory, free, perGigabyteMonth } = prices;
  const gigabytes = (key: string, label: string, bytes: number, price: number) => ({
    ...charge(key, label, bytes / gigabyte, price),
    unit: 'GB',
  });
  // In the middle of the first month half of a month's records are kept.
  const firstDays = Math.min(daysPerMonth / 2, inputs.retentionDays);
  const kept = (key: string, label: string, bytesAfter: (days: number) => number, price: number): Charge => {
    const [first, later] = [bytesAfter(firstDays), bytesAfter(inputs.retentionDays)];
    return { ...gigabytes(key, label, later, price), extra: (first - later) / gigabyte };
  };
  const inTables = (days: number) =>
    day.indexBytes * Math.min(days, assumed.daysInTables) + day.otherRowBytes * days;
  const inSegments = (days: number) => day.segmentBytes * Math.max(0, days - assumed.daysInTables);
  const [logBytes, egressBytes] = [day.logBytes * daysPerMonth, day.egressBytes * daysPerMonth];
  const logs = gigabytes('logGigabytes', 'Log Analytics', logBytes, fromMemory.perGigabyteOfLogs);
  const answers = 'answers that leave Azure';
  const egress = gigabytes('egressGigabytes', answers, egressBytes, fromMemory.perGigabyteOfEgress);
  const vaultPrice = fromMemory.perTenThousandVaultOperations / 10_000;
  return [
    kept('rawGigabytes', 'raw records kept', (days) => day.rawBytes * days, perGigabyteMonth.blob),
    kept('indexGigabytes', 'index in tables', inTables, perGigabyteMonth.table),
    kept('segmentGigabytes', 'index of old months', inSegments, perGigabyteMonth.blob),
    { ...logs, free: free.logGigabytes },
    charge('logAlerts', 'alerts on logs', logAlerts, fromMemory.perLogAlert),
    charge('metricAlerts', 'alerts on metrics', metricAlerts, fromMemory.perMetricAlert),
    charge('vaultOperations', 'Key Vault', day.vaultOperations * daysPerMonth, vaultPrice),
    { ...egress, free: free.egressGigabytes },
    charge('privateEndpoints', 'private endpoints', inputs.privateEndpoints, fromMemory.perPrivateEndpoint),
  ];
}

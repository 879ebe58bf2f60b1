/** From what Azure counts to what it charges: in the first month, and in the later one that keeps all records. */
import type { CostInputs } from './inputs.ts';
import { prices } from './prices.ts';
import { logAlerts, metricAlerts } from './schedule.ts';
import { dailyUsage, onboardingUsage } from './usage.ts';

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
  return {
    key,
    label,
    unit,
    quantity: quantity + extra,
    laterQuantity: quantity,
    first: charged(quantity + extra),
    later: charged(quantity),
  };
}

function charge(key: string, label: string, quantity: number, price: number): Charge {
  return { key, label, quantity, price };
}

/** Executions, and operations of storage. */
function countedCharges(inputs: CostInputs): readonly Charge[] {
  const [day, once] = [dailyUsage(inputs), onboardingUsage(inputs)];
  const { compute, free, fromMemory, perTenThousand } = prices;
  const instanceGigabytes = inputs.memory / 1024;
  const monthly = (key: string, label: string, daily: number, price: number) =>
    charge(key, label, daily * daysPerMonth, price);
  const operations = (key: string, label: string, daily: number, price: number) =>
    monthly(key, label, daily, price / 10_000);
  const executions = monthly('executions', 'executions', day.executions, compute.perMillionExecutions / 1e6);
  const seconds = monthly(
    'gigabyteSeconds',
    'execution time',
    day.seconds * instanceGigabytes,
    compute.perGigabyteSecond,
  );
  const tables = operations(
    'tableTransactions',
    'table transactions',
    day.tableTransactions,
    perTenThousand.tableWrites,
  );
  const { perTenThousandOtherBlobOperations } = fromMemory;
  return [
    { ...executions, extra: once.executions, free: free.executions },
    { ...seconds, extra: once.seconds * instanceGigabytes, unit: 'GB-s', free: free.gigabyteSeconds },
    operations('blobWrites', 'blob writes', day.blobWrites, perTenThousand.blobWrites),
    operations('blobReads', 'blob reads', day.blobReads, perTenThousand.blobReads),
    operations(
      'otherBlobOperations',
      'leases of the host',
      day.otherBlobOperations,
      perTenThousandOtherBlobOperations,
    ),
    { ...tables, extra: once.storageOperations },
    operations('queueOperations', 'queue operations', day.queueOperations, perTenThousand.queueOperations),
    operations('idleQueuePolls', 'polls of idle queues', day.idleQueuePolls, perTenThousand.queueOperations),
  ];
}

/** What is kept, and everything around the app. */
function otherCharges(inputs: CostInputs): readonly Charge[] {
  const day = dailyUsage(inputs);
  const { fromMemory, free, perGigabyteMonth } = prices;
  const monthlyGigabytes = (bytes: number) => (bytes * daysPerMonth) / gigabyte;
  const kept = (key: string, label: string, bytes: number, price: number): Charge => {
    // In the middle of the first month half of a month's records are kept.
    const firstDays = Math.min(daysPerMonth / 2, inputs.retentionDays);
    const extra = (bytes * (firstDays - inputs.retentionDays)) / gigabyte;
    return { ...charge(key, label, (bytes * inputs.retentionDays) / gigabyte, price), extra, unit: 'GB' };
  };
  const logs = charge(
    'logGigabytes',
    'Log Analytics',
    monthlyGigabytes(day.logBytes),
    fromMemory.perGigabyteOfLogs,
  );
  const egress = monthlyGigabytes(day.egressBytes);
  const vault = fromMemory.perTenThousandVaultOperations / 10_000;
  return [
    kept('rawGigabytes', 'raw records kept', day.rawBytes, perGigabyteMonth.blob),
    kept('indexGigabytes', 'index kept', day.indexBytes, perGigabyteMonth.table),
    { ...logs, unit: 'GB', free: free.logGigabytes },
    charge('logAlerts', 'alerts on logs', logAlerts, fromMemory.perLogAlert),
    charge('metricAlerts', 'alerts on metrics', metricAlerts, fromMemory.perMetricAlert),
    charge('vaultOperations', 'Key Vault', day.vaultOperations * daysPerMonth, vault),
    {
      ...charge('egressGigabytes', 'answers that leave Azure', egress, fromMemory.perGigabyteOfEgress),
      unit: 'GB',
      free: free.egressGigabytes,
    },
    charge('privateEndpoints', 'private endpoints', inputs.privateEndpoints, fromMemory.perPrivateEndpoint),
  ];
}

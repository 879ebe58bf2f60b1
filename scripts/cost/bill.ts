/** From what Azure counts to what it charges: the first month, and the one in which all that is kept lies there. */
import type { CostInputs } from './inputs.ts';
import { prices } from './prices.ts';
import { logAlerts, metricAlerts } from './schedule.ts';
import { dailyUsage, onboardingUsage, type DailyUsage, type OnboardingUsage } from './usage.ts';

export interface BillItem {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  /** Of a month, before anything that is free is taken off. */
  readonly quantity: number;
  /** Of the later month, where it is another one. */
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

export const daysPerMonth = 30;
const gigabyte = 1e9;

interface Charge {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly quantity: number;
  readonly laterQuantity?: number;
  readonly price: number;
  readonly free?: number;
}

export function billOf(inputs: CostInputs): Bill {
  const day = dailyUsage(inputs);
  const onboarding = onboardingUsage(inputs);
  const charges = [
    ...compute(inputs, day, onboarding),
    ...storage(day, onboarding),
    ...capacity(inputs, day),
    ...around(inputs, day),
  ];
  const items = charges.map(toItem);
  const total = (which: 'first' | 'later') => items.reduce((sum, item) => sum + item[which], 0);
  const millions = (inputs.tenants * inputs.recordsPerDay * daysPerMonth) / 1e6;
  return {
    ...{ items, first: total('first'), later: total('later') },
    perMillionRecords: millions === 0 ? undefined : total('later') / millions,
  };
}

function toItem({ price, free = 0, laterQuantity, ...charge }: Charge): BillItem {
  const later = laterQuantity ?? charge.quantity;
  const charged = (quantity: number) => Math.max(0, quantity - free) * price;
  return { ...charge, laterQuantity: later, first: charged(charge.quantity), later: charged(later) };
}

function compute({ memory }: CostInputs, day: DailyUsage, once: OnboardingUsage): readonly Charge[] {
  const { perGigabyteSecond, perMillionExecutions } = prices.compute;
  const gigabytes = memory / 1024;
  const of = (daily: number, first: number) => ({
    quantity: daily * daysPerMonth + first,
    laterQuantity: daily * daysPerMonth,
  });
  return [
    {
      ...{ key: 'executions', label: 'executions', unit: '', free: prices.free.executions },
      ...of(day.executions, once.executions),
      price: perMillionExecutions / 1e6,
    },
    {
      ...{ key: 'gigabyteSeconds', label: 'execution time', unit: 'GB-s', free: prices.free.gigabyteSeconds },
      ...of(day.seconds * gigabytes, once.seconds * gigabytes),
      price: perGigabyteSecond,
    },
  ];
}

function storage(day: DailyUsage, once: OnboardingUsage): readonly Charge[] {
  const { perTenThousand, fromMemory } = prices;
  const of = (key: string, label: string, daily: number, perTenThousandOf: number): Charge => ({
    ...{ key, label, unit: '', quantity: daily * daysPerMonth, price: perTenThousandOf / 10_000 },
  });
  const tables = of(
    'tableTransactions',
    'table transactions',
    day.tableTransactions,
    perTenThousand.tableWrites,
  );
  return [
    of('blobWrites', 'blob writes', day.blobWrites, perTenThousand.blobWrites),
    of('blobReads', 'blob reads', day.blobReads, perTenThousand.blobReads),
    of(
      'otherBlobOperations',
      'leases of the host',
      day.otherBlobOperations,
      fromMemory.perTenThousandOtherBlobOperations,
    ),
    { ...tables, quantity: tables.quantity + once.storageOperations, laterQuantity: tables.quantity },
    of('queueOperations', 'queue operations', day.queueOperations, perTenThousand.queueOperations),
    of('idleQueuePolls', 'polls of idle queues', day.idleQueuePolls, perTenThousand.queueOperations),
  ];
}

/** In the middle of the first month half of a month's records lie there; later all that are kept. */
function capacity({ retentionDays }: CostInputs, day: DailyUsage): readonly Charge[] {
  const { blob, table } = prices.perGigabyteMonth;
  const of = (key: string, label: string, bytes: number, price: number): Charge => ({
    ...{ key, label, unit: 'GB', price },
    quantity: (bytes * Math.min(daysPerMonth / 2, retentionDays)) / gigabyte,
    laterQuantity: (bytes * retentionDays) / gigabyte,
  });
  return [
    of('rawGigabytes', 'raw records kept', day.rawBytes, blob),
    of('indexGigabytes', 'index kept', day.indexBytes, table),
  ];
}

function around({ privateEndpoints }: CostInputs, day: DailyUsage): readonly Charge[] {
  const { fromMemory, free } = prices;
  const of = (key: string, label: string, quantity: number, price: number): Charge => ({
    ...{ key, label, unit: '', quantity, price },
  });
  const gigabytes = (bytes: number) => (bytes * daysPerMonth) / gigabyte;
  return [
    {
      ...of('logGigabytes', 'Log Analytics', gigabytes(day.logBytes), fromMemory.perGigabyteOfLogs),
      ...{ unit: 'GB', free: free.logGigabytes },
    },
    of('logAlerts', 'alerts on logs', logAlerts, fromMemory.perLogAlert),
    of('metricAlerts', 'alerts on metrics', metricAlerts, fromMemory.perMetricAlert),
    of(
      'vaultOperations',
      'Key Vault',
      day.vaultOperations * daysPerMonth,
      fromMemory.perTenThousandVaultOperations / 10_000,
    ),
    {
      ...of(
        'egressGigabytes',
        'answers that leave Azure',
        gigabytes(day.egressBytes),
        fromMemory.perGigabyteOfEgress,
      ),
      ...{ unit: 'GB', free: free.egressGigabytes },
    },
    of('privateEndpoints', 'private endpoints', privateEndpoints, fromMemory.perPrivateEndpoint),
  ];
}

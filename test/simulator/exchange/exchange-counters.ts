/** Counts the requests and writes at the Exchange admin endpoint. */

export interface ExchangeSnapshot {
  /** HTTPS requests, including batches. */
  readonly requests: number;
  readonly batchRequests: number;
  /** Executed cmdlets, in batches or individually. */
  readonly commands: Readonly<Record<string, number>>;
  /** Cmdlets that changed or confirmed a value: every accepted Set- and Enable- cmdlet. */
  readonly writes: number;
  readonly writesByTenant: Readonly<Record<string, number>>;
  /** Accepted Set-Mailbox commands, by distribution. */
  readonly mailboxWrites: {
    readonly total: number;
    readonly mailboxes: number;
    readonly mostToOneMailbox: number;
  };
}

interface Command {
  readonly tenantId: string;
  readonly cmdlet: string;
  /** The mailbox that it changed. */
  readonly guid?: string | undefined;
}

export interface ExchangeCounters {
  countRequest(isBatch: boolean): void;
  countCommand(command: Command): void;
  /** Returns how often the cmdlet was accepted for this mailbox. */
  commandsTo(command: Required<Command>): number;
  snapshot(): ExchangeSnapshot;
  reset(): void;
}

export const createExchangeCounters = (): ExchangeCounters => {
  const commands = new Map<string, number>();
  const writesByTenant = new Map<string, number>();
  const commandsByMailbox = new Map<string, number>();
  const totals = { requests: 0, batchRequests: 0 };

  const countCommand = (command: Command): void => {
    increment(commands, command.cmdlet);
    if (command.cmdlet.startsWith('Get-')) return;
    increment(writesByTenant, command.tenantId);
    if (command.guid !== undefined) increment(commandsByMailbox, keyOf(command));
  };

  const snapshot = (): ExchangeSnapshot => {
    const toMailboxes = [...commandsByMailbox]
      .filter(([key]) => key.startsWith(mailboxCmdlet))
      .map(([, count]) => count);
    return {
      ...totals,
      commands: Object.fromEntries(commands),
      writes: sumOf([...writesByTenant.values()]),
      writesByTenant: Object.fromEntries(writesByTenant),
      mailboxWrites: {
        total: sumOf(toMailboxes),
        mailboxes: toMailboxes.length,
        mostToOneMailbox: toMailboxes.reduce((most, count) => Math.max(most, count), 0),
      },
    };
  };

  return {
    countRequest: (isBatch) => {
      totals.requests += 1;
      if (isBatch) totals.batchRequests += 1;
    },
    countCommand,
    commandsTo: (command) => commandsByMailbox.get(keyOf(command)) ?? 0,
    snapshot,
    reset: () => {
      Object.assign(totals, { requests: 0, batchRequests: 0 });
      for (const counts of [commands, writesByTenant, commandsByMailbox]) counts.clear();
    },
  };
};

const mailboxCmdlet = 'Set-Mailbox ';

const keyOf = ({ tenantId, cmdlet, guid }: Command): string => `${cmdlet} ${tenantId} ${guid ?? ''}`;

const increment = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

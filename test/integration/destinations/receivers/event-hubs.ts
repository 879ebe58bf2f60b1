/** A stand-in for an event hub, which fails in the middle of messages. */
import { vi } from 'vitest';
import { eventHubs } from '../../../../shared/destinations/kinds/event-hubs.ts';
import {
  startEventHubStandIn,
  type Fate,
  type ReceivedEvent,
} from '../../../support/destinations/event-hub-stand-in.ts';
import { patience, type Arrival, type Place, type Receiver, type ReceiverOfKind } from './receiver.ts';

const secret = 'destination-event-hubs';

/** Twice in a row as well: waits are then longer. */
const inTurn: readonly Fate[] = [
  { condition: 'amqp:internal-error' },
  'taken',
  { condition: 'com.microsoft:server-busy' },
  'cut',
];

export const eventHubsReceiver: ReceiverOfKind = {
  kind: eventHubs.name,
  title: 'a stand-in for Event Hubs',
  isThere: true,
  keepsDuplicates: eventHubs.keepsDuplicates,
  start,
};

async function start({ keepSecret }: Place): Promise<Receiver> {
  const standIn = await startEventHubStandIn();
  const fates: Fate[] = [];
  const refused = new Set<string>();
  standIn.decide((events) =>
    events.some(({ id }) => refused.has(id))
      ? { condition: 'com.microsoft:argument-error' }
      : (fates.shift() ?? 'taken'),
  );
  keepSecret(secret, standIn.connectionString);
  const reached = () =>
    vi.waitFor(() => {
      if (fates.length > 0) throw new Error(`No message was sent: ${fates.length} faults are left.`);
    }, patience);
  const expecting = (...next: readonly Fate[]) => {
    fates.push(...next);
    return Promise.resolve(reached);
  };
  return {
    settings: {
      ...{ host: '127.0.0.1', port: standIn.port, eventHub: standIn.eventHub },
      ...{ authentication: { kind: 'connectionString', secret }, certificateAuthority: standIn.ca },
    },
    arrivals: () => standIn.events.map(arrivalOf),
    count: () => new Set(standIn.events.map(({ id, partitionKey }) => `${String(partitionKey)} ${id}`)).size,
    fail: () => expecting(...inTurn),
    hold: async () => ({
      reached: await expecting('held'),
      end: () => {
        standIn.endConnections();
        return Promise.resolve();
      },
    }),
    refuse: (recordId) => refused.add(recordId),
    stop: standIn.stop,
  };
}

function arrivalOf({ id, properties }: ReceivedEvent): Arrival {
  const [sequence = NaN, line = NaN] = String(properties['sequence']).split('.').map(Number);
  return { tenantId: String(properties['tenantId']), id, sequence, line };
}

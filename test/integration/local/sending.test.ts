/** How a local run waits until its database has everything. */
import { describe, expect, it } from 'vitest';
import { describeSent } from '../../local/report.ts';
import { finishSending } from '../../local/sending.ts';
import { fabrikamId } from '../../support/tenants.ts';

const destinationId = '11111111-2222-4333-8444-555555555555';

interface State {
  readonly status: 'current' | 'behind';
  readonly sent: number;
}

/** In simulated time, with a destination that has got so far after so many seconds. */
async function sendTo(stateAt: (seconds: number) => State) {
  let milliseconds = 0;
  const failing = {
    ...{ id: destinationId, status: 'misconfigured', lastError: 'It refuses the password.' },
    nextStep: 'Change the secret.',
  };
  const api = {
    createDestination: () => Promise.resolve(failing),
    getDestination: () => Promise.resolve(failing),
    listDestinationTenants: () =>
      Promise.resolve([{ tenantId: fabrikamId, ...stateAt(milliseconds / 1000) }]),
  };
  const database = {
    ...{ port: 5432, caPem: '', psql: ['psql', '-d', 'audit'] },
    query: () => Promise.resolve([{ records: 72 }]),
  };
  const sent = await finishSending(
    api,
    { destinationId, database },
    {
      now: () => milliseconds,
      delay: async (more) => {
        milliseconds += more;
        await Promise.resolve();
      },
    },
  );
  return { sent, seconds: milliseconds / 1000 };
}

describe('sending', () => {
  it('may last as long as records are sent, and the database then says how many it has', async () => {
    const { sent, seconds } = await sendTo((second) => ({
      status: second < 3600 ? 'behind' : 'current',
      sent: Math.floor(second / 100),
    }));
    expect(seconds).toBe(3600);
    expect(sent).toMatchObject({ isCurrent: true, records: 72 });
    expect(describeSent(sent)).toMatch(/^PostgreSQL has all of it: 72 records\..*\npsql -d audit$/);
  });

  it('that does not move is given up with its cause and what to do', async () => {
    const { sent, seconds } = await sendTo(() => ({ status: 'behind', sent: 5 }));
    expect(seconds).toBeGreaterThan(119);
    expect(seconds).toBeLessThan(125);
    expect(sent.isCurrent).toBe(false);
    expect(describeSent(sent)).toMatch(/^NOT everything .*refuses the password\..*Change the secret\./);
  });
});

/** What every sender promises, against a stand-in for SQL Server that speaks its protocol. */
import { describe } from 'vitest';
import { insertStatement } from '../../../shared/adapters/destinations/sql-server/statements.ts';
import { SqlError } from '../../support/sql-server/answers.ts';
import { startReceiver } from '../../support/sql-server/receiver.ts';
import { describeSender, type Behavior, type Receiver } from './senders.ts';

describe('a sender to a stand-in for SQL Server', () => {
  describeSender({
    open: openReceiver,
    keepsDuplicates: false,
    shows: ['busy', 'unavailable', 'cut', 'wrongSecret', 'forbidden'],
  });
});

async function openReceiver(): Promise<Receiver> {
  let behavior: Behavior | undefined;
  const receiver = await startReceiver({
    faultOf: ({ text }) => (behavior === 'cut' && text === insertStatement('auditkeep') ? 'cut' : undefined),
  });
  const { database, standIn, password } = receiver;
  const errors: Partial<Record<Behavior, SqlError>> = {
    busy: new SqlError(40501, 20),
    unavailable: new SqlError(40613, 20),
  };
  return {
    kind: receiver.kind(),
    context: {
      ...receiver.context,
      secret: () => Promise.resolve(behavior === 'wrongSecret' ? 'not it' : password),
    },
    behave(next) {
      behavior = next;
      const error = next === undefined ? undefined : errors[next];
      database.rules.fault = error === undefined ? undefined : () => error;
      database.rules.mayInsert = next !== 'forbidden';
      // A sender that is connected already would not notice.
      if (next === 'wrongSecret') standIn.drop();
    },
    received: () => Promise.resolve(receiver.ids()),
    close: () => standIn.stop(),
  };
}

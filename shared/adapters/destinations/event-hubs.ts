/** Sends events to Azure Event Hubs. */
import type { EventHubsSettings } from '../../destinations/kinds/event-hubs.ts';
import type { OpenSender, TestStep } from '../../destinations/kind.ts';
import { loadPart } from '../../lazy.ts';
import { createNameResolver, type ResolveName } from '../resolve-name.ts';
import type { Endpoint } from './event-hubs/connection.ts';
import { isLost, networkCodeOf, resultOfFailure, TokenRefusedError } from './event-hubs/failure.ts';
import type { Session } from './event-hubs/session.ts';
import { tokenOf } from './event-hubs/token.ts';
import { connected, unreachedStep } from './https-test.ts';
import { createDatabaseSender } from './relational/sender.ts';

export const openEventHubs = createEventHubsOpener(createNameResolver());

/** @param resolveName for tests */
export function createEventHubsOpener(resolveName: ResolveName): OpenSender<EventHubsSettings> {
  return (settings, context) => {
    const endpoint = { settings, context, resolveName };
    return createDatabaseSender<Session>({
      password: () => tokenOf(settings, context),
      open: async (token, signal) => (await loadSession()).openSession(endpoint, token, signal),
      store: async (session, batch) => (await loadSession()).sendEvents(session, batch),
      resultOf: resultOfFailure,
      isLost,
      test: (signal) => testBy(endpoint, signal),
    });
  };
}

/** With the client of AMQP, which other destinations do not need. */
const loadSession = () => loadPart(() => import('./event-hubs/session.ts'));

/** Opens the link of a sender, for which the service checks everything, and sends nothing. */
async function testBy(endpoint: Endpoint, signal: AbortSignal): Promise<readonly TestStep[]> {
  const token = await tokenOf(endpoint.settings, endpoint.context);
  const { openSession } = await loadSession();
  try {
    const { connection } = await openSession(endpoint, token, signal);
    await connection.close();
    return [connected, { step: 'authorize', succeeded: true, detail: 'The event hub takes events.' }];
  } catch (error) {
    return failedSteps(error);
  }
}

function failedSteps(error: unknown): readonly TestStep[] {
  if (isLost(error)) return [unreachedStep({ status: undefined, code: networkCodeOf(error) })];
  const result = resultOfFailure(error);
  const step = error instanceof TokenRefusedError ? 'authenticate' : 'authorize';
  const detail = 'cause' in result ? result.cause : 'The event hub refused.';
  const nextStep = result.outcome === 'misconfigured' ? result.nextStep : testLater;
  return [connected, { step, succeeded: false, detail, nextStep }];
}

const testLater = 'Test again later: the event hub takes no events now.';

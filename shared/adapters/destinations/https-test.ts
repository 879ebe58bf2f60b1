/** Tests a destination that takes HTTPS requests. */
import type { TestStep } from '../../destinations/kind.ts';
import {
  headerRefused,
  resultOfUnreached,
  type HttpsClient,
  type HttpsRequest,
  type Unreached,
} from './https-client.ts';
import { nextStepFor, type NextSteps } from './https-result.ts';

/** Sends one request, and says how far it got. */
export async function testByHttps(
  client: HttpsClient,
  request: HttpsRequest,
  nextSteps: NextSteps,
  signal: AbortSignal,
): Promise<readonly TestStep[]> {
  const answer = await client.request(request, signal);
  if (answer.status === undefined) return [unreachedStep(answer)];
  const { status } = answer;
  const step = stepOf[status] ?? 'send';
  const detail = `The destination answered ${status}.`;
  if (status >= 200 && status < 300) return [connected, { step, succeeded: true, detail }];
  return [connected, { step, succeeded: false, detail, nextStep: nextStepFor(status, nextSteps) }];
}

/** Of a test that got an answer. */
export const connected: TestStep = { step: 'connect', succeeded: true, detail: 'Connected by TLS.' };

const stepOf: Readonly<Record<number, TestStep['step']>> = { 401: 'authenticate', 403: 'authorize' };

/** What name servers answer when there is no such name, and when they cannot tell. */
const nameErrors = /^E(NOTFOUND|NODATA|AI_AGAIN|SERVFAIL|CANCEL|TIMEOUT)/;

/** Of a test that got no answer. */
export function unreachedStep(unreached: Unreached): TestStep {
  const result = resultOfUnreached(unreached);
  const detail = result.outcome === 'misconfigured' ? result.cause : unreached.code;
  const nextStep = result.outcome === 'misconfigured' ? result.nextStep : checkNetwork;
  return { step: lastStep(unreached), succeeded: false, detail, nextStep };
}

function lastStep({ code }: Unreached): TestStep['step'] {
  if (code === headerRefused) return 'authenticate';
  return nameErrors.test(code) ? 'resolve' : 'connect';
}

const checkNetwork = 'Check the name, the port, and whether firewalls let this deployment through.';

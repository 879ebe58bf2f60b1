/** Requests to one HTTP Event Collector. */
import { randomUUID } from 'node:crypto';
import type { SplunkSettings } from '../../../destinations/kinds/splunk.ts';
import type { SenderContext } from '../../../destinations/kind.ts';
import type { Ask } from './acknowledgements.ts';
import { createHttpsClient, type HttpsAnswer, type Unreached } from '../https-client.ts';

export interface SplunkSession {
  /** Of this session alone, which sends one batch after the other: no number can be that of another batch. */
  readonly channel: string;
  readonly post: (events: readonly Buffer[], signal: AbortSignal) => Promise<HttpsAnswer | Unreached>;
  readonly ask: Ask;
  readonly close: () => Promise<void>;
}

export function openSplunkSession(settings: SplunkSettings, context: SenderContext): SplunkSession {
  const client = createHttpsClient(context, settings.certificateAuthority);
  const channel: string = randomUUID();
  const headers = async (of = channel) => ({
    authorization: `Splunk ${await context.secret(settings.token)}`,
    'content-type': 'application/json',
    'user-agent': 'Auditkeep',
    ...(settings.acknowledgements ? channelHeader(of) : {}),
  });
  return {
    channel,
    async post(events, signal) {
      const url = new URL('/services/collector/event', settings.url).href;
      const body = Buffer.concat(events.flatMap((event) => [event, lineBreak]));
      return await client.request(
        { method: 'POST', url, headers: await headers(), body, gzip: settings.gzip },
        signal,
      );
    },
    async ask({ channel: of, ackId }, signal) {
      const url = new URL(`/services/collector/ack?channel=${of}`, settings.url).href;
      const body = Buffer.from(JSON.stringify({ acks: [ackId] }));
      return await client.request({ method: 'POST', url, headers: await headers(of), body }, signal);
    },
    close: () => client.close(),
  };
}

const lineBreak = Buffer.from('\n');

function channelHeader(channel: string): Readonly<Record<string, string>> {
  return { 'x-splunk-request-channel': channel };
}

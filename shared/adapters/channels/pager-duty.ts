/** Triggers and resolves incidents of PagerDuty. */
import * as z from 'zod';
import { deliveryIdOf } from '../../channels/delivery.ts';
import type { OpenChannel, OutgoingMessage, SendOutcome } from '../../channels/kind.ts';
import type { PagerDutySettings } from '../../channels/kinds/pager-duty.ts';
import { shortened, type Message } from '../../channels/message.ts';
import { factsOf, headline, itemLines, shown } from '../../channels/text/lines.ts';
import { parseJson } from '../../json.ts';
import type { HttpsAnswer, Unreached } from '../destinations/https-client.ts';
import { failureOf } from './answer.ts';
import { createJsonClient, type ServiceAddress } from './post-json.ts';

const origins: Readonly<Record<PagerDutySettings['region'], string>> = {
  us: 'https://events.pagerduty.com',
  eu: 'https://events.eu.pagerduty.com',
};

const severities: Readonly<Record<Message['severity'], string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  informational: 'info',
};

/** @param address of a stand-in, in tests */
export function createPagerDutyOpener(address?: ServiceAddress): OpenChannel<PagerDutySettings> {
  return (settings, context) => {
    const client = createJsonClient(context, address?.certificateAuthority);
    const url = `${address?.origin ?? origins[settings.region]}/v2/enqueue`;
    const enqueue = async (outgoing: OutgoingMessage, action: string, signal: AbortSignal) => {
      const key = await context.secret(settings.routingKey);
      const body = JSON.stringify(eventOf(outgoing, action, key));
      const answer = await client.send({ method: 'POST', url, body }, signal);
      return failureOf(answer, { nextSteps, misconfigured: wrongKey(answer) });
    };
    return {
      async send(outgoing, signal): Promise<SendOutcome> {
        const { message } = outgoing;
        const failed = await enqueue(outgoing, message.closed ? 'resolve' : 'trigger', signal);
        // A test wakes someone at most for a moment.
        const second =
          failed === undefined && message.topic === 'test'
            ? await enqueue(outgoing, 'resolve', signal)
            : undefined;
        return failed ?? second ?? { outcome: 'sent', receipt: deliveryIdOf(message.key) };
      },
      close: () => client.close(),
    };
  };
}

function eventOf({ message, link }: OutgoingMessage, action: string, routingKey: string): object {
  const named = { routing_key: routingKey, event_action: action, dedup_key: deliveryIdOf(message.key) };
  if (action === 'resolve') return named;
  const { severity, tenant, topic, sentence, nextSteps, createdDateTime } = message;
  return {
    ...named,
    client: 'Auditkeep',
    ...(link === undefined ? {} : { client_url: link, links: [{ href: link, text: 'Open in Auditkeep' }] }),
    payload: {
      summary: shortened(headline(message), 1024),
      source: shown(tenant?.displayName ?? 'Auditkeep') || 'Auditkeep',
      severity: severities[severity],
      timestamp: createdDateTime,
      class: topic,
      custom_details: {
        sentence: shown(sentence),
        ...Object.fromEntries(factsOf(message)),
        ...(nextSteps === undefined ? {} : { nextSteps: shown(nextSteps) }),
        ...(message.items.length === 0 ? {} : { items: itemLines(message) }),
      },
    },
  };
}

const errorSchema = z.object({ errors: z.array(z.string()) });

/** PagerDuty answers 400 for a key of another form, as for an event that is not valid. */
function wrongKey(answer: HttpsAnswer | Unreached): string | undefined {
  if (answer.status !== 400) return undefined;
  const { errors = [] } = errorSchema.safeParse(parseJson(answer.text)).data ?? {};
  return errors.some((error) => /routing.?key/i.test(error)) ? checkKey : undefined;
}

const checkKey =
  'Store the integration key of an Events API v2 integration in the vault, and check the region.';

const nextSteps = { 401: checkKey, 403: checkKey, 404: checkKey };

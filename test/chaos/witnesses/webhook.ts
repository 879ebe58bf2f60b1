/** A receiver of one tenant's webhooks. */
import * as z from 'zod';
import { createInbox } from '../../integration/feed/inbox.ts';
import { startWebhookReceiver } from '../../support/webhook-receiver.ts';
import type { World } from '../world/world.ts';

/** What the app knows the receiver by. */
const receiverName = 'chaos.fabrikam.example';
const createdSchema = z.looseObject({ secret: z.string() });

/** Takes each delivery once, and refuses a few. */
export async function startWebhookWitness() {
  const inbox = createInbox();
  const receiver = await startWebhookReceiver((request, body, response) => {
    response.writeHead(inbox.take(request.headers, body)).end();
  }, receiverName);
  return {
    inbox,
    ca: receiver.ca,
    stop: receiver.stop,
    /** Of the app, which must be loaded with the stand-in for its network. */
    env: { STAND_IN_NAME: receiverName, STAND_IN_PORT: String(receiver.port) },
    subscribe: async ({ hosts, apiKey }: World, tenantId: string): Promise<void> => {
      const response = await fetch(`${hosts[0]?.baseUrl ?? ''}/api/tenants/${tenantId}/subscriptions`, {
        method: 'POST',
        headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
        body: JSON.stringify({ targetUrl: `https://${receiverName}/hook?sig=1` }),
      });
      if (response.status !== 201) throw new Error(`The subscription was refused: ${await response.text()}`);
      inbox.trust(createdSchema.parse(await response.json()).secret);
    },
  };
}

export type WebhookWitness = Awaited<ReturnType<typeof startWebhookWitness>>;

/** A receiver of webhooks that takes each webhook-id in once, and now and then fails. */
import { createHmac } from 'node:crypto';
import * as z from 'zod';

const bodySchema = z.object({ data: z.object({ value: z.array(z.object({ id: z.string() })) }) });

/** The second call is refused; the sixth is taken in, and fails all the same. */
export function createInbox() {
  const byId = new Map<string, readonly string[]>();
  const bad: string[] = [];
  let [calls, failures, secret] = [0, 0, ''];
  return {
    ...{ bad, calls: () => calls, failures: () => failures },
    /** Of records, in the order in which they came. */
    ids: () => [...byId.values()].flat(),
    trust: (given: string) => {
      secret = given;
    },
    /** @returns the status to answer */
    take: (headers: NodeJS.Dict<string | string[]>, body: Buffer): number => {
      calls += 1;
      const [id, timestamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
      const mac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'));
      const expected = mac.update(`${id}.${timestamp}.`).update(body).digest('base64');
      if (headers['webhook-signature'] !== `v1,${expected}`) bad.push(id);
      const fails = calls === 2 || calls === 6;
      if (fails) failures += 1;
      if (calls === 2) return 503;
      const { value } = bodySchema.parse(JSON.parse(body.toString())).data;
      byId.set(
        id,
        value.map((record) => record.id),
      );
      return fails ? 500 : 202;
    },
  };
}

/** What every sender of a channel promises, against a receiver that a test controls. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { BoundChannelKind, ChannelSender, OutgoingMessage } from '../../../shared/channels/kind.ts';
import type { Message, NewMessage } from '../../../shared/channels/message.ts';
import type { SenderContext } from '../../../shared/destinations/kind.ts';
import { anySecret, type Behavior } from '../../support/channels/stand-ins/stand-in.ts';
import { inventedMessage } from '../../support/channels/messages.ts';

export interface ReceivingEnd {
  readonly settings: object;
  readonly context: SenderContext;
  readonly behave: (behavior: Behavior | undefined) => void;
  /** A text of each thing that is there: a mail, a card, an incident, a ticket. */
  readonly received: () => readonly string[];
  readonly close: () => Promise<void>;
}

export interface ChannelDeclaration {
  readonly kind: BoundChannelKind;
  readonly open: () => Promise<ReceivingEnd>;
  /** Receivers whose address is the secret cannot show it. */
  readonly hidesSecrets?: boolean;
}

export const hostile = [
  '<script>alert(1)</script><img src=x onerror=alert(1)> "quoted" \'single\' & {{title}} ${1+1}',
  '[click](https://evil.example) **bold** _x_ ~y~ `z` <!channel> <@U123> <https://evil.example|here> @everyone',
  'right to left \u202egnp.exe, null \u0000, lone \ud800, line\r\nBcc: mallory@evil.example',
];

export function describeChannel({ kind, open }: ChannelDeclaration): void {
  let end: ReceivingEnd;
  let sender: ChannelSender;
  beforeAll(async () => {
    end = await open();
    sender = kind.configured(end.settings).open(end.context);
  });
  afterEach(() => {
    end.behave(undefined);
  });
  afterAll(async () => {
    await sender.close();
    await end.close();
  });

  const outgoingOf = (
    more: Partial<NewMessage> = {},
    rest: Partial<OutgoingMessage> = {},
  ): OutgoingMessage => ({
    id: randomUUID(),
    message: inventedMessage(more),
    ...{ link: 'https://audit.example/console/findings/1', attachments: [], mayBeThere: false },
    ...rest,
  });
  const send = (outgoing: OutgoingMessage) => sender.send(outgoing, AbortSignal.timeout(60_000));
  const titled = (title: string) => end.received().filter((text) => text.includes(title)).length;

  it('sends a message, which is there once then', async () => {
    expect(await send(outgoingOf({ title: 'Alpha happened' }))).toMatchObject({ outcome: 'sent' });
    expect(titled('Alpha happened')).toBe(1);
  });

  it(`${kind.tellsRepeats ? 'has once' : 'may have twice'} what is sent twice because its answer was lost`, async () => {
    const outgoing = outgoingOf({ title: 'Beta happened' });
    end.behave('cut');
    expect(await send(outgoing)).toMatchObject({ outcome: 'retry', mayBeThere: true });
    end.behave(undefined);
    expect(await send({ ...outgoing, mayBeThere: true })).toMatchObject({ outcome: 'sent' });
    if (kind.tellsRepeats) expect(titled('Beta happened')).toBe(1);
    else expect(titled('Beta happened')).toBeLessThanOrEqual(2);
  });

  it('retries later when the receiver is busy or unavailable, which has nothing then', async () => {
    end.behave('busy');
    const outgoing = outgoingOf({ title: 'Gamma happened' });
    expect(await send(outgoing)).toMatchObject({ outcome: 'retry', afterMs: 7000, mayBeThere: false });
    end.behave('unavailable');
    expect(await send(outgoing)).toMatchObject({ outcome: 'retry', mayBeThere: false });
    end.behave(undefined);
    expect(await send(outgoing)).toMatchObject({ outcome: 'sent' });
    expect(titled('Gamma happened')).toBe(1);
  });

  it.each(['wrongSecret', 'forbidden'] as const)(
    'says what to do when it is refused with %s',
    async (behavior) => {
      end.behave(behavior);
      const outcome = await send(outgoingOf({ title: 'Delta happened' }));
      expect(outcome).toMatchObject({ outcome: 'misconfigured' });
      expect(JSON.stringify(outcome)).not.toContain(anySecret);
      expect(titled('Delta happened')).toBe(0);
    },
  );

  it('says that a message is refused, without its content', async () => {
    end.behave('refuses');
    const outcome = await send(outgoingOf());
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(JSON.stringify(outcome)).not.toContain('content');
  });

  it('says what to do about a secret that is missing', async () => {
    const without: SenderContext = {
      ...end.context,
      secret: (name) => channelless(name),
      token: channelless,
    };
    const other = kind.configured(end.settings).open(without);
    expect(await other.send(outgoingOf(), AbortSignal.timeout(60_000))).not.toMatchObject({
      outcome: 'sent',
    });
    await other.close();
  });

  it('sends the largest message', async () => {
    const long = (length: number) => 'Ünïcode <&> '.repeat(Math.ceil(length / 12)).slice(0, length);
    const largest: Partial<Message> = {
      ...{ title: `Epsilon ${long(192)}`, sentence: long(1000), nextSteps: long(1000), count: 1000 },
      facts: Array.from({ length: 16 }, (_, at) => ({ name: `${at} ${long(77)}`, value: long(500) })),
      items: Array.from({ length: 20 }, () => ({
        severity: 'high' as const,
        title: long(200),
        tenantName: long(200),
      })),
    };
    expect(await send(outgoingOf(largest))).toMatchObject({ outcome: 'sent' });
    expect(titled('Epsilon')).toBe(1);
  });

  it.each(hostile)('sends hostile texts: %j', async (text) => {
    const message = { title: text, sentence: text, nextSteps: text, facts: [{ name: text, value: text }] };
    expect(await send(outgoingOf(message))).toMatchObject({ outcome: 'sent' });
  });
}

const channelless = (name: string) => Promise.reject<string>(new Error(`There is no ${name}.`));

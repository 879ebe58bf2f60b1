/** Invented messages. */
import { messageOf, type Message, type NewMessage } from '../../../shared/channels/message.ts';
import { fabrikamId } from '../tenants.ts';

let number = 0;

export function inventedMessage(more: Partial<NewMessage> = {}): Message {
  number += 1;
  return messageOf({
    key: `finding-${number}`,
    revision: 1,
    topic: 'findings',
    severity: 'medium',
    tenant: { tenantId: fabrikamId, displayName: 'Fabrikam' },
    title: 'Inbox rule forwards mail outside',
    sentence: 'Anna Berg made a rule that forwards her mail to mallory@evil.example.',
    facts: [
      { name: 'User', value: 'anna.berg@fabrikam.example' },
      { name: 'Records', value: '3' },
    ],
    nextSteps: 'Ask Anna whether she made the rule, and remove it if not.',
    path: '/findings/1',
    createdDateTime: '2026-03-10T12:00:00.000Z',
    ...more,
  });
}

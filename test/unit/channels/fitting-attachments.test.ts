/** A mail says what it cannot have. */
import { describe, expect, it } from 'vitest';
import { fittingAttachments } from '../../../shared/adapters/channels/fitting-attachments.ts';
import { maxFacts } from '../../../shared/channels/message.ts';
import { inventedMessage } from '../../support/channels/messages.ts';

const file = { name: 'posture.csv', contentType: 'text/csv', file: 'report/csv/findings' };
const attached = (bytes: number) => [
  { name: file.name, contentType: file.contentType, content: Buffer.alloc(bytes) },
];
const message = inventedMessage({ facts: [], attachments: [file], body: 'report/mail' });

describe('a mail with a file and a part that shows a report', () => {
  it('says nothing when it has both', () => {
    const outgoing = { message, attachments: attached(10), body: '<p>' };
    expect(fittingAttachments(outgoing, 10)).toEqual({ message, attachments: outgoing.attachments });
  });

  it.each([
    { what: 'too large', outgoing: { attachments: attached(11), body: '<p>' }, notes: ['Not attached'] },
    { what: 'gone', outgoing: { attachments: [], body: undefined }, notes: ['Not shown', 'Not attached'] },
  ])('says what is $what', ({ outgoing, notes }) => {
    const found = fittingAttachments({ message, ...outgoing }, 10);
    expect(found.attachments).toEqual([]);
    expect(found.message.facts.map(({ name }) => name)).toEqual(notes);
  });

  it('says that it shows nothing also without files, in place of its last detail', () => {
    const facts = Array.from({ length: maxFacts }, (_, at) => ({ name: `Detail ${at}`, value: 'x' }));
    const shown = inventedMessage({ facts, body: 'report/mail' });
    const { facts: said } = fittingAttachments({ message: shown, attachments: [] }, 10).message;
    expect([said.length, said.at(-1)?.name]).toEqual([maxFacts, 'Not shown']);
  });
});

/** Messages in the formats of their receivers: hostile texts change nothing, and limits are kept. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf, type NewMessage } from '../../../shared/channels/message.ts';
import { cardMessage, maxCardBytes } from '../../../shared/channels/text/adaptive-card.ts';
import { mailOf } from '../../../shared/channels/text/mail.ts';
import { slackMessage } from '../../../shared/channels/text/slack-blocks.ts';
import { checkTemplate, filled, ownJson } from '../../../shared/channels/text/template.ts';
import { inventedMessage } from '../../support/channels/messages.ts';

const link = 'https://audit.example/console/findings/1?a=1&b=2';
const marked = (text: string): Partial<NewMessage> => ({
  ...{
    title: text,
    sentence: text,
    nextSteps: text,
    tenant: { tenantId: crypto.randomUUID(), displayName: text },
  },
  facts: [{ name: text, value: text }],
  items: [{ severity: 'low', title: text, tenantName: text }],
});

/** Names of elements and attributes in HTML, whatever its texts are. */
const markupOf = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);

describe('a mail', () => {
  it('has the same markup whatever is in its texts', () => {
    const plain = markupOf(mailOf(inventedMessage(marked('text')), { link }).html);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (text) => {
        // A blank text leaves its line out.
        fc.pre(text.trim() !== '');
        const { html, subject } = mailOf(inventedMessage(marked(`a${text}`)), { link });
        expect(markupOf(html)).toEqual(plain);
        expect(subject).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });

  it('loads nothing, runs nothing, and has no class, so that Outlook draws it as others do', () => {
    const { html } = mailOf(inventedMessage(), { link });
    expect(html).not.toMatch(/<(script|style|link|img|div|span)\b|class=|url\(/);
    expect(html).toContain('href="https://audit.example/console/findings/1?a=1&amp;b=2"');
  });

  it('shows what texts hide, and says what was closed', () => {
    const { subject, html, text } = mailOf(
      inventedMessage({ title: 'exe\u202egpj', closed: true, revision: 2 }),
      {},
    );
    expect(subject).toBe('Closed: exe<U+202E>gpj · Fabrikam');
    expect(html).toContain('exe&lt;U+202E&gt;gpj');
    expect(html).not.toContain('<a ');
    expect(text).toContain('What to do: Ask Anna');
  });
});

describe('a card', () => {
  it('has texts in text runs only, which know no Markdown', () => {
    const card = cardMessage(inventedMessage(marked('[x](https://evil.example) **b** <at>All</at>')), link);
    expect(card).not.toContain('"TextBlock"');
    expect(card).toContain('[x](https://evil.example) **b** <at>All</at>');
  });

  it('has at most 20 kB, whatever its message is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 100, maxLength: 500 }),
        fc.nat(20),
        (text, count) => {
          const message = messageOf({
            ...{ ...inventedMessage(marked(text)), count: 1000 },
            facts: Array.from({ length: 16 }, () => ({ name: text, value: text })),
            items: Array.from({ length: count }, () => ({
              severity: 'low' as const,
              title: text.slice(0, 200),
            })),
          });
          expect(Buffer.byteLength(cardMessage(message, link))).toBeLessThanOrEqual(maxCardBytes);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('a message to Slack', () => {
  it('mentions no one and formats nothing', () => {
    const text = slackMessage(
      inventedMessage(marked('<!channel> <@U1> <https://evil.example|x> *b* &amp;')),
      link,
    );
    expect(text).not.toContain('mrkdwn');
    expect(text).not.toMatch(/<[!@h]/);
    expect(text).toContain('&lt;!channel&gt;');
  });
});

describe('a body by template', () => {
  const given = { id: 'id-1', message: inventedMessage({ title: '"a" & <b> {{id}} \u0000 ä' }), link };

  it('stays JSON whatever is in its texts, and is filled once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (title) => {
        const message = inventedMessage({ title });
        const body = filled('{"t":"{{title}}","x":"{{ text }}","n":{{count}}}', 'json', {
          ...given,
          message,
        });
        expect(JSON.parse(body)).toMatchObject({ n: 1 });
      }),
    );
    expect(filled('{{title}}', 'text', given)).toBe('"a" & <b> {{id}} <U+0000> ä');
  });

  it('is escaped for its format', () => {
    expect(filled('<t>{{title}}</t>', 'xml', given)).toBe(
      '<t>&quot;a&quot; &amp; &lt;b&gt; {{id}} &lt;U+0000&gt; ä</t>',
    );
    expect(filled('t={{title}}&l={{link}}', 'form', given)).toBe(
      `t=${encodeURIComponent('"a" & <b> {{id}} <U+0000> ä')}&l=${encodeURIComponent(link)}`,
    );
  });

  it('is refused with a name that is not known, and if it is not JSON', () => {
    expect(checkTemplate('{"a":"{{nothing}}"}', 'json')).toContain('{{nothing}}');
    expect(checkTemplate('{"a":"{{constructor}}"}', 'json')).toContain('{{constructor}}');
    expect(checkTemplate('{"a":{{title}', 'json')).toContain('must be JSON');
    expect(checkTemplate('{"a":{{title}}}', 'json')).toContain('must be JSON');
    expect(checkTemplate('{"a":"{{title}}","n":{{ count }},"r":{{revision}}}', 'json')).toBeUndefined();
    expect(checkTemplate('{{title}}', 'text')).toBeUndefined();
  });

  it('by default is our own JSON, with a version', () => {
    expect(JSON.parse(ownJson(given))).toMatchObject({
      version: 1,
      id: 'id-1',
      severity: 'medium',
      link,
      count: 1,
    });
  });
});

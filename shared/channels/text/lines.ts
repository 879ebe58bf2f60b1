/** A message in words, as all formats have it: nothing in it is hidden, and nothing is escaped yet. */
import { visibleText } from '../../visible-text.ts';
import type { Message } from '../message.ts';

/** A text that shows what it hides, in one line, and is valid Unicode. */
export function shown(text: string): string {
  return Buffer.from(visibleText(text.replaceAll(/\s+/g, ' ')).trim()).toString('utf8');
}

/** What a mail has as its subject, a ticket as its summary, a card as its title. */
export function headline(message: Message): string {
  const { title, tenant } = message;
  const name = tenant === undefined ? '' : ` · ${shown(tenant.displayName)}`;
  return `${labelOf(message)}: ${shown(title)}${name}`;
}

/** One word for what the message is. */
export function labelOf(message: Message): string {
  if (message.closed) return 'Closed';
  return isReport(message) ? 'Report' : severityNames[message.severity];
}

/** A report that there is has no severity; one that failed has. */
function isReport({ topic, severity }: Pick<Message, 'topic' | 'severity'>): boolean {
  return topic === 'reports' && severity === 'informational';
}

export const severityNames: Readonly<Record<Message['severity'], string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Informational',
};

/** All details, in the order in which they are shown. */
export function factsOf(message: Message): readonly (readonly [string, string])[] {
  const { tenant, severity, facts } = message;
  return [
    ...(isReport(message) ? [] : [['Severity', severityNames[severity]] as const]),
    ...(tenant === undefined ? [] : [['Tenant', shown(tenant.displayName)] as const]),
    ...facts.map(({ name, value }) => [shown(name), shown(value)] as const),
  ].filter(([, value]) => value !== '');
}

/** Of a message about several matters: the first ones, and how many there are more. */
export function itemLines({ items, count }: Message): readonly string[] {
  const lines = items.map(
    ({ severity, title, tenantName }) =>
      `${severityNames[severity]}: ${shown(title)}${tenantName === undefined ? '' : ` · ${shown(tenantName)}`}`,
  );
  const more = count - items.length;
  return items.length > 0 && more > 0 ? [...lines, `and ${more} more`] : lines;
}

/** The whole message as text; what matters most comes first, as receivers may cut it. */
export function plainLines(message: Message, link: string | undefined): string {
  const { sentence, nextSteps } = message;
  const blocks = [
    shown(sentence),
    itemLines(message)
      .map((line) => `- ${line}`)
      .join('\n'),
    nextSteps === undefined ? '' : `What to do: ${shown(nextSteps)}`,
    link === undefined ? '' : `In Auditkeep: ${link}`,
    factsOf(message)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

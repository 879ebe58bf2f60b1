/** Bodies of webhooks: our own JSON, or a template with names in double braces, escaped for the format of the body. */
import { escaped } from '../../reports/forms/html-text.ts';
import { parseJson } from '../../json.ts';
import { deliveryIdOf } from '../delivery.ts';
import type { Message } from '../message.ts';
import { plainLines, shown } from './lines.ts';

export interface TemplateValues {
  readonly id: string;
  readonly message: Message;
  readonly link?: string | undefined;
}

/** What names in templates stand for. */
const values: Readonly<Record<string, (given: TemplateValues) => string>> = {
  id: ({ id }) => id,
  key: ({ message }) => deliveryIdOf(message.key),
  topic: ({ message }) => message.topic,
  severity: ({ message }) => message.severity,
  title: ({ message }) => shown(message.title),
  sentence: ({ message }) => shown(message.sentence),
  text: ({ message, link }) => plainLines(message, link),
  nextSteps: ({ message }) => shown(message.nextSteps ?? ''),
  tenantId: ({ message }) => message.tenant?.tenantId ?? '',
  tenantName: ({ message }) => shown(message.tenant?.displayName ?? ''),
  link: ({ link }) => link ?? '',
  count: ({ message }) => String(message.count),
  revision: ({ message }) => String(message.revision),
  createdDateTime: ({ message }) => message.createdDateTime,
};

export const templateNames = Object.keys(values);

type Format = 'json' | 'xml' | 'form' | 'text';

const escapes: Readonly<Record<Format, (text: string) => string>> = {
  // Within quotation marks.
  json: (text) => JSON.stringify(text).slice(1, -1),
  xml: (text) => escaped(text),
  form: (text) => encodeURIComponent(text),
  text: (text) => text,
};

/** Those that may be without quotation marks in JSON. */
const numbers = ['count', 'revision'];

const placeholder = /\{\{\s*(\w+)\s*\}\}/g;

export function filled(template: string, format: Format, given: TemplateValues): string {
  return template.replaceAll(placeholder, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : escapes[format](value(given));
  });
}

/** What is wrong with a template; undefined if nothing is. */
export function checkTemplate(template: string, format: Format): string | undefined {
  const unknown = [...template.matchAll(placeholder)].find(([, name = '']) => !Object.hasOwn(values, name));
  if (unknown !== undefined)
    return `must not name ${unknown[0]}: known names are ${templateNames.join(', ')}`;
  if (format !== 'json') return undefined;
  const tried = template.replaceAll(placeholder, (_, name: string) =>
    numbers.includes(name) ? '0' : 'text',
  );
  return parseJson(tried) === undefined
    ? 'must be JSON, with each text that holds a name in quotation marks'
    : undefined;
}

/** Version 1 of our own JSON: members are added, and none is changed or removed. */
export function ownJson({ id, message, link }: TemplateValues): string {
  const { topic, severity, tenant, title, sentence, facts, nextSteps, count, revision, closed } = message;
  return JSON.stringify({
    version: 1,
    id,
    key: deliveryIdOf(message.key),
    topic,
    severity,
    tenant,
    title,
    sentence,
    facts,
    nextSteps,
    link,
    count,
    revision,
    closed,
    createdDateTime: message.createdDateTime,
  });
}

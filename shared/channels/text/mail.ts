/**
 * A message as mail. Outlook on Windows draws HTML as Word does: tables instead of boxes, styles in each element, no
 * classes; widths and colors as attributes too.
 */
import { escaped } from '../../reports/forms/html-text.ts';
import type { Message } from '../message.ts';
import { factsOf, headline, itemLines, labelOf, plainLines, shown } from './lines.ts';

export interface Mail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

const colors: Readonly<Record<Message['severity'], string>> = {
  critical: '#b3261e',
  high: '#b3261e',
  medium: '#8a5300',
  low: '#1d5fa8',
  informational: '#5b6570',
};

const font = "font-family:'Segoe UI',Arial,sans-serif;";
const ink = 'color:#1b1f24;';
const soft = 'color:#5b6570;';
/** Tables of reports are wide. */
const widths = { plain: 600, withBody: 1040 };

/** What is shown of a message. */
export interface MailParts {
  /** Address of the matter in the console. */
  readonly link?: string | undefined;
  /** HTML below the details. */
  readonly body?: string | undefined;
}

export function mailOf(message: Message, parts: MailParts): Mail {
  return {
    subject: headline(message),
    html: pageOf(message, parts),
    text: plainLines(message, parts.link),
  };
}

function pageOf(message: Message, { link, body }: MailParts): string {
  const width = body === undefined ? widths.plain : widths.withBody;
  const rows = [
    bar(message),
    row(`${font}${ink}font-size:20px;line-height:26px;font-weight:600;`, escaped(shown(message.title)), 20),
    row(`${font}${ink}font-size:15px;line-height:22px;`, escaped(shown(message.sentence)), 8),
    itemsOf(message),
    detailsOf(message),
    nextStepsOf(message),
    buttonOf(link),
    body === undefined ? '' : row('', body, 16),
    row(`${font}${soft}font-size:12px;line-height:18px;`, 'Sent by Auditkeep.', 24),
    '<tr><td height="24" style="height:24px;line-height:24px;font-size:1px;">&nbsp;</td></tr>',
  ];
  const inner = table(
    `width="${width}" bgcolor="#ffffff"`,
    `width:${width}px;background:#ffffff;`,
    rows.join(''),
  );
  const outer = table(
    'width="100%" bgcolor="#f2f4f7"',
    'width:100%;background:#f2f4f7;',
    `<tr><td align="center" style="padding:24px 12px;">${inner}</td></tr>`,
  );
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escaped(headline(message))}</title></head>`,
    `<body style="margin:0;padding:0;background:#f2f4f7;">${outer}</body></html>`,
  ].join('');
}

function table(attributes: string, style: string, content: string): string {
  const rest = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';
  return `<table ${rest} ${attributes} style="border-collapse:collapse;${style}">${content}</table>`;
}

function row(style: string, content: string, above: number): string {
  return `<tr><td style="padding:${above}px 28px 0 28px;${style}">${content}</td></tr>`;
}

function bar(message: Message): string {
  const { severity, tenant, closed } = message;
  const name = tenant === undefined ? '' : ` &nbsp;·&nbsp; ${escaped(shown(tenant.displayName))}`;
  const color = closed ? '#1a7f37' : colors[severity];
  const text = `${labelOf(message)}${name}`;
  const style = `padding:10px 28px;background:${color};${font}color:#ffffff;font-size:13px;line-height:18px;font-weight:600;`;
  return `<tr><td bgcolor="${color}" style="${style}">${text}</td></tr>`;
}

function itemsOf(message: Message): string {
  const lines = itemLines(message).map(
    (line) =>
      `<tr><td style="${font}${ink}font-size:14px;line-height:20px;padding:4px 0;">${escaped(line)}</td></tr>`,
  );
  return lines.length === 0 ? '' : row('', table('width="100%"', 'width:100%;', lines.join('')), 12);
}

function detailsOf(message: Message): string {
  const cell =
    'font-size:14px;line-height:20px;padding:6px 0;border-bottom:1px solid #e4e8ec;vertical-align:top;';
  const lines = factsOf(message).map(([name, value]) => {
    const first = `<td width="150" valign="top" style="width:150px;${font}${soft}${cell}">${escaped(name)}</td>`;
    const second = `<td valign="top" style="${font}${ink}${cell}word-break:break-word;">${escaped(value)}</td>`;
    return `<tr>${first}${second}</tr>`;
  });
  return row('', table('width="100%"', 'width:100%;', lines.join('')), 16);
}

function nextStepsOf({ nextSteps }: Message): string {
  if (nextSteps === undefined) return '';
  const text = `<strong>What to do</strong><br>${escaped(shown(nextSteps))}`;
  return row(`${font}${ink}font-size:14px;line-height:20px;`, text, 16);
}

function buttonOf(link: string | undefined): string {
  if (link === undefined) return '';
  const style = `${font}color:#ffffff;font-size:14px;line-height:20px;font-weight:600;text-decoration:none;`;
  const anchor = `<a href="${escaped(link)}" style="${style}">Open in Auditkeep</a>`;
  const button = table(
    'bgcolor="#1d5fa8"',
    'background:#1d5fa8;',
    `<tr><td bgcolor="#1d5fa8" style="padding:10px 18px;">${anchor}</td></tr>`,
  );
  return row('', button, 20);
}

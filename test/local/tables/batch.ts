/** Transactions as `multipart/mixed`: commands from a body, and their results as one. */
import { randomUUID } from 'node:crypto';
import { Refusal } from './refusals.ts';
import type { TableReply, TableRequest } from './messages.ts';

const lineEnd = /\r?\n/;
const blankLine = /\r?\n\r?\n/;

/**
 * https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 * @throws Refusal of a body that is not one change set
 */
export function readCommands(body: string): readonly TableRequest[] {
  const boundary = /^Content-Type:\s*multipart\/mixed;\s*boundary=(\S+)/im.exec(body)?.[1];
  if (boundary === undefined) throw new Refusal('InvalidInput', 'The body holds no change set.');
  // Before the first boundary is the change set's own header, behind the last its end.
  return body.split(`--${boundary}`).slice(1, -1).map(readCommand);
}

function readCommand(part: string): TableRequest {
  const [, request = '', ...rest] = splitOnce(part, blankLine);
  const [head = '', body = ''] = splitOnce(`${request}${rest.join('')}`, blankLine);
  const [line = '', ...lines] = head.split(lineEnd);
  const [, method = '', url = ''] = /^(\w+) (\S+) HTTP\/1\.1$/.exec(line) ?? [];
  if (!URL.canParse(url)) throw new Refusal('InvalidInput', `A command is not a request: ${line}`);
  const headers = Object.fromEntries(lines.map(readHeader));
  return { method, url: new URL(url), headers, body: body.trim() };
}

function splitOnce(text: string, separator: RegExp): readonly string[] {
  const found = separator.exec(text);
  if (found === null) return [text];
  return [text.slice(0, found.index), text.slice(found.index + found[0].length)];
}

function readHeader(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

/** One reply that holds those of all commands, or that of the one that was refused. */
export function batchReply(replies: readonly TableReply[]): TableReply {
  const [batch, changes] = [`batchresponse_${randomUUID()}`, `changesetresponse_${randomUUID()}`];
  const parts = replies.map(
    (reply) =>
      `--${changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${textOf(reply)}\r\n`,
  );
  const body = `--${batch}\r\nContent-Type: multipart/mixed; boundary=${changes}\r\n\r\n${parts.join('')}--${changes}--\r\n--${batch}--\r\n`;
  return { status: 202, headers: { 'Content-Type': `multipart/mixed; boundary=${batch}` }, body };
}

const reasons: Readonly<Partial<Record<number, string>>> = { 201: 'Created', 204: 'No Content' };

function textOf({ status, headers, body }: TableReply): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${reasons[status] ?? 'Refused'}`, ...lines, '', body].join('\r\n');
}

/** Calls as lines for a shell. */

export interface CurlCall {
  readonly method: string;
  /** A path parameter in braces becomes a variable of the shell. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** Header by header, what to send in place of a credential: it is on the screen, and in what people paste. */
const credentials: Readonly<Record<string, string>> = {
  'x-api-key': '$AUDITKEEP_KEY',
  authorization: 'Bearer $AUDITKEEP_TOKEN',
};

/** A line for bash and its relatives, in which variables stand in for credentials. */
export function curlLine({ method, url, headers = {}, body }: CurlCall): string {
  const words = [
    ...(method.toUpperCase() === 'GET' ? [] : [`-X ${method.toUpperCase()}`]),
    ...Object.entries(headers).map(([name, value]) => `-H ${headerWord(name.toLowerCase(), value)}`),
    ...(body === undefined ? [] : [`-d ${singleQuoted(body)}`]),
    withVariables(doubleQuoted(url)),
  ];
  return `curl ${words.join(' \\\n  ')}`;
}

function headerWord(name: string, value: string): string {
  const variable = credentials[name];
  return variable === undefined ? doubleQuoted(`${name}: ${value}`) : `"${name}: ${variable}"`;
}

function doubleQuoted(text: string): string {
  return `"${text.replaceAll(/[\\"`$]/g, '\\$&')}"`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function withVariables(text: string): string {
  return text.replaceAll(/\{(\w+)\}/g, '$$$1');
}

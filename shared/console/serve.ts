/**
 * Serves the console, outside of the API: its page under every address below /console, because views have addresses of
 * their own, and its files. It is for anyone: what it shows, it asks the API for, with what its user signs in with.
 */
import { RequestError } from '../errors.ts';
import { completeAnswer } from '../http/complete-answer.ts';
import { keptFile } from '../http/kept-file.ts';
import type { ApiRequest, ApiResponse, HttpHandler } from '../http/request.ts';
import { escaped } from '../reports/forms/html-text.ts';
import { styleSource } from '../reports/forms/html-style.ts';
import type { Telemetry } from '../telemetry.ts';
import type { ReadConsoleFiles } from './files.ts';

/**
 * The page runs no script and applies no style but its own files, and calls nothing but this app and, where people sign in
 * with Microsoft Entra ID, the service that they sign in to.
 */
export function consolePolicy(signIn: ConsoleSignIn | undefined): string {
  const called = signIn === undefined ? [] : [new URL(signIn.authorityUrl).origin];
  return [
    "default-src 'none'",
    "script-src 'self'",
    // A report to print, which the console opens from its memory, is bound by this policy as well.
    `style-src 'self' ${styleSource}`,
    ["connect-src 'self'", ...called].join(' '),
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // Nothing in it may make HTML of a text, not even by mistake.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** How people sign in with Microsoft Entra ID. All of it is public. */
export interface ConsoleSignIn {
  /** Of the app registration, which tokens are for. */
  readonly clientId: string;
  /** Root of sign-in of the cloud. */
  readonly authorityUrl: string;
}

interface ConsoleDeps {
  readonly telemetry: Telemetry;
  readonly consoleFiles: ReadConsoleFiles;
  /** Undefined where people need a key. */
  readonly consoleSignIn: ConsoleSignIn | undefined;
}

/** An address outside of the API. */
export interface PageAddress {
  readonly name: string;
  readonly route: string;
  readonly answer: (deps: ConsoleDeps, request: ApiRequest) => Promise<ApiResponse>;
}

/** How they are registered; all of them for GET and HEAD. */
export const pageAddresses: readonly PageAddress[] = [
  { name: 'console', route: 'console/{*path}', answer: answerConsole },
  // An optional parameter that nothing fits: the root alone. The host takes an empty route for none.
  { name: 'start-page', route: '{nothing:length(0)?}', answer: () => Promise.resolve(toConsole) },
];

/** Answers anyone. */
export function servePage(deps: ConsoleDeps, { answer }: PageAddress): HttpHandler {
  return (request, invocation) => completeAnswer(deps, { request, invocation }, () => answer(deps, request));
}

const toConsole: ApiResponse = { status: 302, headers: { Location: '/console' } };

async function answerConsole(
  { consoleFiles, consoleSignIn }: ConsoleDeps,
  request: ApiRequest,
): Promise<ApiResponse> {
  const { index, assets } = await consoleFiles();
  const [, name] = /^\/console\/assets\/([^/]*)$/i.exec(new URL(request.url).pathname) ?? [];
  return name === undefined ? page(index, consoleSignIn) : await asset(assets.get(name), name, request);
}

/** It names the files, so browsers ask whether it changed. How to sign in is in it, so that no further call has to tell. */
function page(index: string, signIn: ConsoleSignIn | undefined): ApiResponse {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': consolePolicy(signIn),
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
  return { status: 200, body: withSignIn(index, signIn), headers };
}

/** Both values are settings with a form of their own: a GUID, and an address. */
function withSignIn(index: string, signIn: ConsoleSignIn | undefined): string {
  if (signIn === undefined) return index;
  const authority = escaped(`${signIn.authorityUrl}/organizations`);
  const meta = `<meta name="entra-client" content="${signIn.clientId}"><meta name="entra-authority" content="${authority}">`;
  return index.replace('</title>', `</title>${meta}`);
}

const mediaTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

async function asset(gzip: Uint8Array | undefined, name: string, request: ApiRequest): Promise<ApiResponse> {
  if (gzip === undefined)
    throw new RequestError(
      404,
      'FileNotFound',
      'There is no such file. Load /console again: it has the address.',
    );
  const { body, headers } = await keptFile(gzip, request);
  const type = mediaTypes[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  return { status: 200, body, headers: { 'Content-Type': type, ETag: `"${name}"`, ...headers } };
}

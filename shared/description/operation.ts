/** One operation of the HTTP interface as it is described to people, programs and Power Automate. */
import type * as z from 'zod';
import type { Scope } from '../access/api-keys.ts';

/** Who may call: anybody; signers of webhooks; holders of a scope, or of a link that we gave; any caller we know. */
export type Audience =
  | 'anonymous'
  | 'signed'
  | { readonly scope: Scope; readonly orLink?: boolean; readonly allTenants?: boolean };

export interface DescribedResponse {
  readonly description: string;
  /** Body; absent where there is none. */
  readonly schema?: z.ZodType | undefined;
  /** @default application/json */
  readonly mediaTypes?: readonly string[] | undefined;
  /** Names of headers besides those that every response has. */
  readonly headers?: readonly HeaderName[] | undefined;
}

/** What response headers mean, once for all operations. */
export const headerMeanings = {
  'Accept-Ranges': 'A part of the file can be asked for with the header Range.',
  'Content-Disposition': 'A name to save the file under.',
  'Content-Range': 'Which bytes of how many these are.',
  'Content-Security-Policy': 'What the page may load: nothing.',
  ETag: 'Version of what is shown; send it back in If-None-Match or If-Match.',
  Location: 'Where to look next.',
  'Operation-Location': 'The status monitor of the operation, which always answers 200.',
  'Referrer-Policy': 'The address of the page is told to nobody.',
  'Repeatability-Result': 'Whether a request that names itself was accepted.',
  'Repr-Digest': 'SHA-256 of the whole file, also where a part of it is given.',
  'Retry-After': 'Seconds to wait before the next call.',
  Vary: 'Which request headers the answer depends on.',
  'WWW-Authenticate': 'How to authenticate.',
  'x-auditkeep-complete-through':
    'Everything published before this moment is in the answer; empty: not known.',
  'x-auditkeep-duration': 'Milliseconds that the answer took here.',
  'x-auditkeep-is-partial': 'Whether records of the range may still be missing: true or false.',
  'x-auditkeep-requests': 'Storage requests that this page took.',
  'x-auditkeep-rows-read': 'Rows that were read for this page.',
  'x-ms-error-code': 'The code of the error, as in the body.',
} as const;
export type HeaderName = keyof typeof headerMeanings;

/** Headers that any response may have. */
export const commonHeaders = {
  'x-ms-request-id': 'Names this call in logs.',
  'x-ms-client-request-id': "The caller's own name for the call, where one was sent.",
  traceparent: 'The trace that the call belongs to, where one was sent.',
  'Cache-Control': 'Nothing may be kept by caches.',
  'X-Content-Type-Options': 'The media type is meant as it is said.',
} as const;

/** How an operation appears in the connector for Power Automate; absent: not at all. */
export interface ConnectorRole {
  readonly visibility: 'important' | 'advanced' | 'internal' | 'none';
  /** Several answers may follow each other by nextLink. */
  readonly pageable?: boolean | undefined;
  readonly trigger?: 'batch' | 'single' | undefined;
  /** What a webhook trigger's calls carry. */
  readonly notification?: z.ZodType | undefined;
  /** In place of `body`, where that says more than a connector can show. */
  readonly body?: z.ZodType | undefined;
  /** What the flow gets in the end, where the first answer only says that work has begun. */
  readonly result?: z.ZodType | undefined;
  /** In place of `summary` and `description`: triggers have to begin with certain words. */
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  /** Parameters that makers are better off without. */
  readonly without?: readonly string[] | undefined;
  /** Further members of the operation, as Microsoft names them. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface Operation {
  /** PascalCase, letters and digits. */
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As registered, below the route prefix: `tenants/{tenantId}`. */
  readonly route: string;
  readonly area: string;
  /** A few words without punctuation. */
  readonly summary: string;
  /** Full sentences. */
  readonly description: string;
  readonly audience: Audience;
  /** Path and query parameters by name; those in the route are path parameters. */
  readonly parameters?: z.ZodObject | undefined;
  /** Request headers by name. */
  readonly headers?: z.ZodObject | undefined;
  readonly body?: z.ZodType | undefined;
  /** Whether the body may be left out. */
  readonly bodyOptional?: boolean | undefined;
  readonly responses: Readonly<Partial<Record<number, DescribedResponse>>>;
  readonly connector?: ConnectorRole | undefined;
}

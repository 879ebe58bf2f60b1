/** The answers that a handler may give: exactly those that its operation declares. */
import type * as z from 'zod';
import type { Declaration } from '../api/operation.ts';
import type { ApiResponse, Payload } from './request.ts';

const replied = Symbol('replied');

/** An answer made by {@link Reply}; a handler cannot make one otherwise. */
export interface Replied extends ApiResponse {
  readonly [replied]: true;
}

/** Content that is serialized already, with its media type. */
export interface Serialized {
  readonly [replied]: 'serialized';
  readonly payload: Payload;
  readonly mediaType: string;
}

/** Of JSON that is serialized already. */
export const jsonType = 'application/json; charset=utf-8';

export function serialized(payload: Payload, mediaType: string): Serialized {
  return { [replied]: 'serialized', payload, mediaType };
}

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

type BodyOf<A> =
  | (A extends { readonly mediaTypes: readonly string[] }
      ? Serialized
      : A extends { readonly schema: infer S extends z.ZodType }
        ? DeepReadonly<z.output<S>>
        : undefined)
  | (A extends { readonly alternatives: readonly string[] } | { readonly keepsTexts: true }
      ? Serialized
      : never);

/** `Content-Length` belongs to the connection and is not declared. */
type HeadersOf<A> = A extends { readonly headers: readonly (infer Name extends string)[] }
  ? Readonly<Partial<Record<Name | 'Content-Length', string>>>
  : undefined;

type Keys<T> = T extends unknown ? keyof T : never;
type Member<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

/** Names that are only known at run time cannot be checked here. */
type Dynamic<B, K extends keyof B> = string extends K ? B[K] : never;

/** `B` without members that `T` does not have, at any depth: TypeScript itself only checks literals for them. */
type Exact<B, T> = unknown extends T
  ? B
  : B extends readonly (infer Item)[]
    ? readonly Exact<Item, Member<T, number>>[]
    : B extends object
      ? {
          readonly [K in keyof B]: K extends Keys<T> ? Exact<B[K], NonNullable<Member<T, K>>> : Dynamic<B, K>;
        }
      : B;

/**
 * Answers with a declared status, a body that fits its schema exactly, and declared headers. Anything else does not
 * compile.
 */
export interface Reply<A extends Declaration['answers']> {
  <S extends keyof A, B extends BodyOf<A[S]>>(
    status: S,
    body: B & Exact<B, BodyOf<A[S]>>,
    headers?: HeadersOf<A[S]>,
  ): Replied;
  /** For statuses without a body. */
  (status: { [K in keyof A]: BodyOf<A[K]> extends undefined ? K : never }[keyof A]): Replied;
}

/** @see Reply */
export function reply(
  status: PropertyKey,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Replied {
  if (isSerialized(body)) {
    const { payload, mediaType } = body;
    const typed = { 'Content-Type': mediaType, ...headers };
    return { [replied]: true, status: Number(status), body: payload, headers: typed };
  }
  const answer = { [replied]: true, status: Number(status), headers } as const;
  return body === undefined ? answer : { ...answer, jsonBody: body };
}

function isSerialized(body: unknown): body is Serialized {
  return typeof body === 'object' && body !== null && replied in body && body[replied] === 'serialized';
}

/**
 * The API as openapi-fetch types it, derived from the declared operations: there is no second description, and an
 * operation that changes its answer does not compile here. Only types: nothing of the app is in the console.
 */
import type * as z from 'zod';
import type { areas } from '../../shared/api/all.ts';
import type { PathNames } from '../../shared/api/operation.ts';

type Areas = typeof areas;
type Operation = {
  [A in keyof Areas]: Extract<Areas[A][keyof Areas[A]], { readonly id: string }>;
}[keyof Areas];

/** A list is a parameter that is repeated. */
type Text = string | number | boolean | readonly string[];

/** Parameters travel as text, whatever the app makes of them. */
type QueryOf<O> = O extends { readonly query: infer Q extends z.ZodObject }
  ? Partial<Readonly<Record<keyof z.output<Q>, Text>>>
  : Readonly<Record<string, never>>;

type PathOf<Route extends string> = [PathNames<Route>] extends [never]
  ? { readonly path?: never }
  : { readonly path: Readonly<Record<PathNames<Route>, string>> };

type BodyOf<O> = O extends { readonly body: infer B extends z.ZodType }
  ? O extends { readonly bodyOptional: true }
    ? { readonly requestBody?: Json<z.input<B>> }
    : { readonly requestBody: Json<z.input<B>> }
  : object;

interface Json<Content> {
  readonly content: { readonly 'application/json': Content };
}

type AnswerOf<A> = A extends { readonly schema: infer S extends z.ZodType } ? Json<z.output<S>> : object;

interface Refused {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly target?: string;
    readonly details?: readonly {
      readonly code?: string;
      readonly message?: string;
      readonly target?: string;
    }[];
  };
}

/** Statuses below 300 as declared; all others are refusals. */
type AnswersOf<O extends Operation> = {
  readonly [S in keyof O['answers'] & (200 | 201 | 202 | 204)]: AnswerOf<O['answers'][S]>;
} & { readonly default: Json<Refused> };

type Described<O extends Operation> = BodyOf<O> & {
  readonly parameters: PathOf<O['route']> & { readonly query?: QueryOf<O> };
  readonly responses: AnswersOf<O>;
};

type At<Route, M> = Extract<Operation, { readonly route: Route; readonly method: M }>;
type Methods<Route> = Extract<Operation, { readonly route: Route }>['method'];

/** By address and method: `Paths['/tenants/{tenantId}']['get']`. */
export type Paths = {
  readonly [Route in Operation['route'] as `/${Route}`]: {
    readonly [M in Methods<Route> as Lowercase<M>]: Described<At<Route, M>>;
  };
};

type AnswersById = {
  readonly [O in Operation as O['id']]: O['answers'] extends {
    readonly 200: { readonly schema: infer S extends z.ZodType };
  }
    ? z.output<S>
    : O['answers'] extends { readonly 202: { readonly schema: infer S extends z.ZodType } }
      ? z.output<S>
      : never;
};

/** What an operation answers: `AnswerTo<'GetTenant'>`. */
export type AnswerTo<Id extends keyof AnswersById> = AnswersById[Id];

/** What is sent to an address with POST. */
export type PostBody<Path extends keyof Paths> = Paths[Path] extends {
  readonly post: { readonly requestBody: { readonly content: { readonly 'application/json': infer Body } } };
}
  ? Body
  : never;

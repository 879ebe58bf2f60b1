import type { ComponentChildren } from 'preact';
import { toApiError } from '../api/api-error.ts';
import { Failure, Loading } from './states.tsx';

/** The part of a query's result that is shown. */
interface Result<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

interface LoadedProps<Data> {
  readonly query: Result<Data>;
  /** "tenants": completes "Loading …" and "… could not be loaded". */
  readonly what: string;
  readonly children: (data: Data) => ComponentChildren;
}

/** A view of an answer: loading, refused, or there. What is there stays when a later call fails, and that is said. */
export function Loaded<Data>({ query, what, children }: LoadedProps<Data>) {
  const { data, error } = query;
  const retry = () => void query.refetch();
  if (data === undefined && error === null) return <Loading what={what} />;
  return (
    <>
      {error !== null && (
        <Failure
          error={toApiError(error)}
          what={`The ${what} could not be ${data === undefined ? 'loaded' : 'updated'}`}
          retry={retry}
        />
      )}
      {data !== undefined && children(data)}
    </>
  );
}

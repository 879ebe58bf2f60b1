import { QueryClient, QueryClientProvider } from '@tanstack/preact-query';
import { LocationProvider } from 'preact-iso';
import { useEffect, useMemo } from 'preact/hooks';
import { isTransient, toApiError } from './api/api-error.ts';
import { SignIn } from './session/sign-in.tsx';
import { useSession } from './session/use-session.ts';
import { Shell } from './shell/shell.tsx';

/** What is refused stays refused; what was out of reach is retried, later each time. */
function createQueries(): QueryClient {
  const retry = (count: number, error: unknown) => count < 2 && isTransient(toApiError(error));
  return new QueryClient({
    defaultOptions: { queries: { retry, staleTime: 15_000 }, mutations: { retry: false } },
  });
}

/** Each session has answers and views of its own: none of them outlives it, so nothing of one person is shown to the next. */
export function App() {
  const current = useSession().current();
  const client = useMemo(createQueries, [current]);
  useEffect(
    () => () => {
      client.clear();
    },
    [client],
  );
  if (current === undefined) return <SignIn />;
  return (
    <QueryClientProvider key={client} client={client}>
      <LocationProvider scope="/console">
        <Shell />
      </LocationProvider>
    </QueryClientProvider>
  );
}

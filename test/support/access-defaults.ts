/** Access control for tests about something else: no token is trusted, and no limit is ever reached. */
export const plainAccess = {
  tokens: { verifier: { verify: () => Promise.resolve(undefined) }, publisherId: 'none' },
  limits: { callsPerMinute: 1_000_000, failuresPerMinute: 1_000_000, queriesPerCaller: 1000 },
};

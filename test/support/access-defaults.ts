/** Access control for tests about something else: no token is trusted, and calls are not limited. */
export const plainAccess = { tokens: undefined, limits: undefined };

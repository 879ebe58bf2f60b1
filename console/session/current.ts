import { createSession } from './session.ts';

/** The session of this page. */
export const session = createSession(sessionStorage);

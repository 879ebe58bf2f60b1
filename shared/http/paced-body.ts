/** The body of a streamed answer. */

/**
 * Produces a body only as fast as its reader takes it. When the chunks fail, the connection is cut, so that no client
 * takes what it has for the whole. It is also cut when nothing comes for a while (empty chunks count, and are dropped)
 * and when the whole takes too long. A reader who leaves ends the body early; that does not count as a failure.
 * @param invocationId of the invocation that answers with this body
 */
export type PacedBody = (
  invocationId: string,
  chunks: AsyncIterable<Uint8Array>,
) => AsyncGenerator<Uint8Array>;

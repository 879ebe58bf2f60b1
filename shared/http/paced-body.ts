/** The body of a streamed answer. */

/**
 * Produces a body only as fast as its reader takes it. When the chunks fail, the connection is cut, so that no client
 * takes what it has for the whole.
 * @param invocationId of the invocation that answers with this body
 */
export type PacedBody = (
  invocationId: string,
  chunks: AsyncIterable<Uint8Array>,
) => AsyncGenerator<Uint8Array>;

/** A link that signs in, as `npm start` prints it: the key is in the fragment, which no server receives. */

/** The key in a fragment: `#key=ak_…`. */
export function keyIn(fragment: string): string | undefined {
  return /^#key=(ak_[\w.~-]{1,500})$/.exec(fragment)?.[1];
}

/** Takes the key out of the address at once, also out of the history, so that it cannot be copied or found there. */
export function takeKeyFromAddress(): string | undefined {
  const key = keyIn(location.hash);
  if (key !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return key;
}

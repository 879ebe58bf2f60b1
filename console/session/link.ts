/** A link that signs in, as `npm start` prints it: the key is in the fragment, which no server receives. */

/** What looks like a key, or names one, in whatever form. */
const anyKey = /^#key(=|$)|[#&?]key=|ak_[\da-f]{16}_/i;

/** The key in a fragment, `#key=ak_…`; undefined if the fragment has nothing to do with keys. */
export function keyIn(fragment: string): { readonly key: string } | 'malformed' | undefined {
  if (!anyKey.test(fragment)) return undefined;
  const [, key] = /^#key=(ak_[\w.~-]{1,500})$/.exec(fragment) ?? [];
  return key === undefined ? 'malformed' : { key };
}

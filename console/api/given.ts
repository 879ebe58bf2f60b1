/** The members that are not empty: fields of a form as parameters of a call. */
export function given<Name extends string>(
  fields: Readonly<Record<Name, string>>,
): Readonly<Partial<Record<Name, string>>> {
  const entries = Object.entries<string>(fields).filter(([, value]) => value.trim() !== '');
  // Some of the members that it has.
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}

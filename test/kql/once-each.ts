/** Reads each text once: reading a query takes up to a tenth of a second, and many tests read the same one. */
export function onceEach<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const answer = known.get(text) ?? read(text);
    known.set(text, answer);
    return answer;
  };
}

/** Prints a record as one of the service's several JSON writers would. */

/** A record's fields in the order in which they are printed; undefined ones are left out. */
export type Fields = Readonly<Record<string, unknown>>;

/** `slashes`: `/` as `\/`; `unicode`: `<>&'` and everything beyond ASCII as `\uXXXX`. */
export type Escaping = 'none' | 'slashes' | 'unicode';

/** A whole number of any size: JavaScript's own numbers end at 2^53. */
export const exactInteger = (digits: string): string => `exact integer ${digits}`;

export const printRecord = (fields: Fields, escaping: Escaping): string =>
  escape(JSON.stringify(fields).replace(/"exact integer (\d+)"/g, '$1'), escaping);

const escape = (json: string, escaping: Escaping): string => {
  switch (escaping) {
    case 'none':
      return json;
    case 'slashes':
      return json.replaceAll('/', '\\/');
    case 'unicode':
      return json.replace(/[<>&'\u0080-\uffff]/g, unicodeEscape);
  }
};

const unicodeEscape = (codeUnit: string): string =>
  `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, '0')}`;

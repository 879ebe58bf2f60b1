/** Serializes a record like one of the service's several JSON writers. */

/** A record's fields in output order; undefined ones are omitted. */
export type Fields = Readonly<Record<string, unknown>>;

/** `slashes`: `/` as `\/`; `unicode`: `<>&'` and everything beyond ASCII as `\uXXXX`. */
export type Escaping = 'none' | 'slashes' | 'unicode';

/** An integer of any size, because JavaScript numbers are only exact up to 2^53. */
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

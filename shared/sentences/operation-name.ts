/** Names of operations: records write one name in several ways. */

/** Longer ones than any known are cut. */
const maxLength = 300;

/** Without the period that many end in, and without blanks around it. */
export function operationName(operation: string): string {
  return operation.slice(0, maxLength).trim().replace(/\.$/, '').trim();
}

/** Equal for spellings of one name: case and kinds of dashes make no difference. */
export function normalOperation(operation: string): string {
  return operationName(operation)
    .toLowerCase()
    .replace(/[\u2010-\u2015]/g, '-');
}

/** Receipts among the other columns of a row. */
import { receiptSchema, type Receipt } from '../../landing/ledger.ts';

/** All of them are absent from a row without a receipt. */
export const receiptColumns = receiptSchema.partial().shape;

type ReceiptColumns = { readonly [K in keyof Receipt]?: Receipt[K] | undefined };

/** The receipt and the other columns; undefined if the row has none. */
export function splitReceipt<T extends ReceiptColumns>(row: T) {
  const { records, bytes, sha256, faults, faultAt, receivedAt, ...rest } = row;
  const isWhole = records !== undefined && bytes !== undefined && sha256 !== undefined;
  const receipt = isWhole ? { records, bytes, sha256, faults, faultAt, receivedAt } : undefined;
  return { receipt, rest };
}

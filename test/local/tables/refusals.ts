/** What the table service refuses, with the status, the code, and the sentence that Azure answers. */

/** https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes */
const sentences = {
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of the Authorization header is formed correctly including the signature.',
  ],
  CommandsInBatchActOnDifferentPartitions: [
    400,
    'All commands in a batch must operate on same entity group.',
  ],
  EntityAlreadyExists: [409, 'The specified entity already exists.'],
  EntityTooLarge: [400, 'The entity is larger than the maximum allowed size (1MB).'],
  InternalError: [500, 'The table service failed.'],
  InvalidDuplicateRow: [400, 'An entity can appear only once in a batch.'],
  InvalidInput: [400, 'One of the request inputs is not valid.'],
  InvalidResourceName: [400, 'The specified resource name contains invalid characters.'],
  JsonFormatNotSupported: [415, 'Only application/json;odata=minimalmetadata is supported.'],
  KeyValueTooLarge: [400, 'The key is larger than the maximum allowed size (1KB).'],
  MissingRequiredHeader: [400, 'An HTTP header that is mandatory for this request is not specified.'],
  NotImplemented: [501, 'The requested operation is not implemented on the specified resource.'],
  OutOfRangeInput: [400, 'One of the request inputs is out of range.'],
  PropertiesNeedValue: [400, 'The values are not specified for all properties in the entity.'],
  PropertyNameInvalid: [400, 'The property name is invalid.'],
  PropertyNameTooLong: [400, 'The property name exceeds the maximum allowed length (255).'],
  PropertyValueTooLarge: [
    400,
    'The property value exceeds the maximum allowed size (64KB). If the property value is a string, it is UTF-16 encoded and the maximum number of characters should be 32K or less.',
  ],
  RequestBodyTooLarge: [413, 'The request body is too large and exceeds the maximum permissible limit.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  TableAlreadyExists: [409, 'The table specified already exists.'],
  TableBeingDeleted: [409, 'The specified table is being deleted.'],
  TableNotFound: [404, 'The table specified does not exist.'],
  TooManyProperties: [
    400,
    'The entity contains more properties than allowed. Each entity can include up to 252 properties to store data.',
  ],
  UpdateConditionNotSatisfied: [412, 'The update condition specified in the request was not satisfied.'],
} as const satisfies Readonly<Record<string, readonly [status: number, sentence: string]>>;

export type RefusalCode = keyof typeof sentences;

export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  private readonly detail: string | undefined;

  /**
   * @param detail says what exactly, after the sentence of the code
   * @param index of the command in a transaction that is refused
   */
  constructor(code: RefusalCode, detail?: string, index?: number) {
    const [status, sentence] = sentences[code];
    const text = detail === undefined ? sentence : `${sentence} ${detail}`;
    super(index === undefined ? text : `${index}:${text}`);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }

  /** The same, of one command of a transaction. */
  at(index: number): Refusal {
    return new Refusal(this.code, this.detail, index);
  }
}

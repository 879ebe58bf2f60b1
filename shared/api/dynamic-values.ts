/** Pickers in Power Automate: values that another operation lists. */

/**
 * The extensions for one picker, in the older and the newer form.
 * @param operationId lists the values in its member `value`
 * @param parameters parameters of that operation, filled from parameters of the same name
 * @see https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions#x-ms-dynamic-values
 */
export function dynamicValues(
  operationId: string,
  value: string,
  title: string,
  parameters: readonly string[] = [],
): Readonly<Record<string, object>> {
  const given = (key: string) =>
    parameters.length === 0
      ? {}
      : { parameters: Object.fromEntries(parameters.map((name) => [name, { [key]: name }])) };
  return {
    'x-ms-dynamic-values': {
      operationId,
      ...given('parameter'),
      'value-collection': 'value',
      'value-path': value,
      'value-title': title,
    },
    'x-ms-dynamic-list': {
      operationId,
      ...given('parameterReference'),
      itemsPath: 'value',
      itemValuePath: value,
      itemTitlePath: title,
    },
  };
}

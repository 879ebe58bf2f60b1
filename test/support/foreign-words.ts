/** What no message to a person may contain. */

/** Sentences of the parser, and names that only it has for kinds of values. */
export const foreignWords =
  /expected|received|unrecogni[sz]ed|invalid (input|option|string|element|key|value|type|iso|guid|uuid|url|email)|too (big|small)|must be (regex|record|tuple|map|set|never|undefined|void|nan|symbol|nonoptional|starts_with|ends_with|includes|url|date|base64url|int)\b|\[object|undefined|=>|\\/i;

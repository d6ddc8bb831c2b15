// The API's own description: what a body may hold, so that forms need not be told it again.

import { lookUp } from "./api.js";

const description = () => lookUp("/api/v1/openapi.json", 3600000);

/** A schema without references, and whether it may be null. */
function plain(document, schema) {
  if (!schema) return {};
  if (schema.$ref) return plain(document, document.components.schemas[schema.$ref.split("/").pop()]);
  const choices = schema.anyOf || schema.oneOf;
  if (choices) {
    const rest = choices.filter((s) => s.type !== "null").map((s) => plain(document, s));
    return {...rest[0], description: schema.description || rest[0].description, isNullable: rest.length < choices.length };
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const whole = {...schema, type: types.find((t) => t !== "null"), isNullable: types.includes("null") };
  if (schema.enum) whole.enum = schema.enum.filter((v) => v !== null);
  if (schema.items) whole.items = plain(document, schema.items);
  if (schema.properties) { whole.properties = Object.fromEntries(Object.entries(schema.properties).map(([k, v]) => [k, plain(document, v)])); }
  return whole;
}
/** What the body of an operation is made of. @returns {Promise<any>} an object's schema */
export async function bodyOf(method, path) {
  const document = await description();
  const operation = document.paths[path][method.toLowerCase()];
  return plain(document, operation.requestBody.content["application/json"].schema);
}

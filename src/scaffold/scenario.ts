/**
 * A scenario of your own: the text of one that there is, with another description. JSON has no comments; what each part means is
 * in the schema that the file names, which editors show beside it.
 */
export const scenarioText = (base: string, text: string, schema: string): string => {
  const description = `As ${base}; say here in one sentence what happens, and what it is meant to show.`;
  return text
    .replace(/"\$schema":\s*"[^"]*",\s*/, '')
    .replace(
      /"description":\s*"(?:[^"\\]|\\.)*"/,
      () => `"$schema": ${JSON.stringify(schema)},\n  "description": ${JSON.stringify(description)}`,
    );
};

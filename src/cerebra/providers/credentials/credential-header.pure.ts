/** Headers that carry a provider's key. */
export const credentialHeaders = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key'] as const;
export type CredentialHeader = (typeof credentialHeaders)[number];

/** Azure's hosts take the key of a resource in a header of their own, whatever API is served there. */
const AZURE = /\.(?:openai\.azure\.com|cognitiveservices\.azure\.com|services\.ai\.azure\.com|azure-api\.net)$/;

/** The header that a host expects, where the configuration names none. */
export const usualHeader = (host: string, ofApi: CredentialHeader): CredentialHeader =>
  AZURE.test(host) ? 'api-key' : ofApi;

/** Flat: name, value. */
export const keyHeaders = (header: CredentialHeader, apiKey: string): readonly string[] => [
  header,
  header === 'authorization' ? `Bearer ${apiKey}` : apiKey,
];

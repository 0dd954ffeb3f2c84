/** What a caller is known by, where the service authenticates callers. */
export interface Credential {
  /** An API key: `aos_…`. */
  apiKey?: string;
  /** A token of the identity provider; as a function, asked before each request, as tokens expire. */
  token?: string | (() => string | Promise<string>);
}

/** `fetch` that says who calls. */
export function withCredential(send: typeof fetch, { apiKey, token = apiKey }: Credential): typeof fetch {
  if (token === undefined) return send;
  return async (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : {}));
    headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
    return send(input, { ...init, headers });
  };
}

/** What any call may be given. */
export interface Call {
  signal?: AbortSignal;
  /** With calls that create or decide: the same key with the same body acts once. Absent: a new one. */
  idempotencyKey?: string;
}

/** The members that any call has. */
export function common({ signal, idempotencyKey }: Call) {
  return {
    ...(signal && { signal }),
    ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
  };
}

/** What a call gave: `resilientFetch` has thrown everything that is no answer. */
export async function got<T>(call: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  return (await call).data as NonNullable<T>;
}

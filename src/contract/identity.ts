/** What a caller may do: look, start and steer runs, decide what people are asked, and everything. `admin` includes the others. */
export const SCOPES = ['read', 'run', 'approve', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What may name a tenant: it is part of workflow ids, queries and fairness keys. */
export const TENANT_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Whether who has `given` may do what needs `scope`. */
export function allows(given: readonly Scope[], scope: Scope): boolean {
  return given.includes('admin') || given.includes(scope);
}

/** How Temporal shares its queues out: among tenants, however much one of them queues. Activities and children inherit it. */
export function fairnessOf(tenant: string): { priority: { fairnessKey: string } } {
  return { priority: { fairnessKey: tenant } };
}

/** What a person may do with what is shown, where the definition does not say. */
export const ALL_ACTIONS = ['approve', 'reject', 'edit', 'skip', 'abort'] as const;

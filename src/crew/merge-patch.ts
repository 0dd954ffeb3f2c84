import { isObject } from './is-object.js';

/**
 * Applies a JSON Merge Patch: objects are merged, null removes, anything else replaces. Source: RFC 7396.
 * Keys that would reach into prototypes are left out.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue;
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value);
  }
  return merged;
}

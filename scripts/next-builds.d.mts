/** Values of a release, as far as they are looked at. */
export interface ReleaseValues {
  image?: { tag?: string; digest?: string };
  worker?: { versioning?: { buildId?: string }; previousBuilds?: PreviousBuild[] };
}
export interface PreviousBuild {
  buildId: string;
  tag?: string;
  digest?: string;
  replicas?: number;
}
/** The values of the next upgrade: which earlier builds keep their workers. */
export function nextBuilds(
  values: ReleaseValues,
  builds: readonly { id: string; state: string }[],
  next: string,
): { worker: { previousBuilds: PreviousBuild[] } };

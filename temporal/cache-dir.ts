import { homedir } from 'node:os';
import { join } from 'node:path';

const NAME = 'agent-orchestration-service';

/** The user's cache folder for large files that every clone shares, as the platform places it. */
export function cacheDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), NAME);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', NAME);
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), NAME);
}

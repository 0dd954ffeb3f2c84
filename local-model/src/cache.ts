import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder in the user's cache for downloaded models. */
export function modelCacheDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  return join(userCache(env, platform), 'agent-orchestration-service', 'models');
}

function userCache(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
}

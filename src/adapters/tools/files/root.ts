import { constants } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { isAbsolute, join, relative, sep, win32 } from 'node:path';
import { ToolCallError } from '../../../contract/tool-error.js';

/** Never follow a link, never wait for a pipe's other end. Systems that lack a flag lack what it is against. */
const SAFE_OPEN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The operator's folder, and everything that agents may see of files. Paths are relative to it; a link inside it may lead to
 * another place inside it and nowhere else.
 */
export class FilesRoot {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Where a path really is. @throws ToolCallError `refused` where it is not inside, `failed` where there is nothing */
  async resolve(path: string): Promise<string> {
    const root = await this.real(this.folder, '.');
    const real = await this.real(join(root, this.plain(path)), path);
    if (!isInside(root, real)) throw new ToolCallError('refused', `${path} leads out of the folder`);
    return real;
  }

  /**
   * Opens a regular file. @throws ToolCallError as `resolve`; `refused` where it is no regular file
   */
  async open(path: string): Promise<FileHandle> {
    const real = await this.resolve(path);
    // Before it is opened: opening a device may do something.
    if (!(await stat(real).catch(() => undefined))?.isFile()) throw notAFile(path);
    let handle: FileHandle;
    try {
      handle = await open(real, SAFE_OPEN);
    } catch (error) {
      throw asToolError(error, path);
    }
    try {
      const opened = await handle.stat();
      if (!opened.isFile()) throw notAFile(path);
      // A folder on the way may have become a link while we looked: what was opened must still be what is inside.
      const now = await stat(await this.resolve(path));
      if (now.dev !== opened.dev || now.ino !== opened.ino) {
        throw new ToolCallError('failed', `${path} was replaced while it was opened`);
      }
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The path as it stands under the root, with `/` between its parts. */
  shown(root: string, real: string): string {
    return relative(root, real).split(sep).join('/') || '.';
  }

  private plain(path: string): string {
    if (path.includes('\0')) throw new ToolCallError('refused', 'A path has no NUL in it');
    if (isAbsolute(path) || win32.isAbsolute(path) || /^[a-z]:/i.test(path)) {
      throw new ToolCallError('refused', `${path}: paths are relative to the folder, for example notes/today.txt`);
    }
    if (path.split(/[/\\]/).includes('..')) throw new ToolCallError('refused', `${path}: '..' may not be used`);
    return path;
  }

  private async real(path: string, shown: string): Promise<string> {
    try {
      return await realpath(path);
    } catch (error) {
      throw asToolError(error, shown);
    }
  }
}

function isInside(root: string, real: string): boolean {
  const way = relative(root, real);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

function notAFile(path: string): ToolCallError {
  return new ToolCallError('refused', `${path} is no regular file; list_files shows what there is`);
}

/** What the file system said, with our path instead of its. */
export function asToolError(error: unknown, path: string): ToolCallError {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new ToolCallError('failed', `There is no ${path}; list_files shows what there is`);
    case 'ELOOP':
      return new ToolCallError('refused', `${path} is a link that leads nowhere`);
    case 'EACCES':
    case 'EPERM':
      return new ToolCallError('refused', `${path} may not be read`);
    case 'ENAMETOOLONG':
      return new ToolCallError('invalid_arguments', 'path: it is too long');
    default:
      return new ToolCallError('failed', `${path} cannot be read (${code ?? 'unknown error'})`, { cause: error });
  }
}

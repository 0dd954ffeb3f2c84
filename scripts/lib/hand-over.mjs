import { spawn } from 'node:child_process';

/**
 * Runs a command in the foreground in this process's place: same terminal, signals passed on, and its exit code (or the signal that ended
 * it) becomes this process's own.
 *
 * With `ipc` the command gets a channel whose end tells it that this process is gone, even by kill -9. Such a command is told of Ctrl-C
 * too, and may hear it twice: the terminal tells the whole process group.
 */
export function handOver(command, args, { cwd, ipc = false }) {
  const child = spawn(command, args, { cwd, stdio: ['inherit', 'inherit', 'inherit', ...(ipc ? ['ipc'] : [])] });
  const passOn = (signal) => child.kill(signal);
  const ignore = () => {};
  // Windows tells every process of the console by itself; there, a signal to a process is a kill.
  const handlers =
    process.platform === 'win32'
      ? { SIGINT: ignore }
      : { SIGTERM: passOn, SIGHUP: passOn, SIGINT: ipc ? passOn : ignore };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${command} cannot be started: ${error.message}\n`);
      process.exitCode = 1;
      resolve();
    });
    child.once('exit', (code, signal) => {
      for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
      if (signal !== null) process.kill(process.pid, signal);
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

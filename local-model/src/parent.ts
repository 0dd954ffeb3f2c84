/** The process that started this one, if it listens; otherwise the terminal. */
export class Parent {
  /** Tells how far the start has come. */
  progress(text: string): void {
    if (process.send) this.#send({ type: 'progress', text });
    else process.stderr.write(`${text}\n`);
  }

  /** Tells, once, that requests are served now. */
  ready(port: number, model: string): void {
    if (process.send) this.#send({ type: 'ready', port, model });
    else process.stdout.write(`Demo model ${model} on http://127.0.0.1:${port}/v1\n`);
  }

  /** Calls `stop` when the parent is gone, even by kill -9, or when a signal asks for it. */
  onStop(stop: () => void): void {
    process.once('disconnect', stop);
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  }

  #send(message: object): void {
    // A parent that died in this moment is told of by 'disconnect'.
    process.send?.(message, () => {});
  }
}

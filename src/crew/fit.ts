/** An output as it is to be passed on. */
export interface Sized {
  id: string;
  chars: number;
}

/** How much of each output is passed on: all of it where `chars` is its length. */
export interface Share {
  id: string;
  chars: number;
}

/**
 * Shares out a room of `maxChars` among outputs. `last`: the newest first, whole, as far as the room goes. Else each gets
 * an equal part, and what a short one leaves over goes to the longer ones.
 */
export function shareRoom(outputs: readonly Sized[], maxChars: number, policy: 'full' | 'summary' | 'last'): Share[] {
  const room = Math.max(0, Math.floor(maxChars));
  return policy === 'last' ? newestFirst(outputs, room) : equally(outputs, room);
}

function newestFirst(outputs: readonly Sized[], room: number): Share[] {
  let left = room;
  const shares = [...outputs].reverse().map(({ id, chars }) => {
    const given = Math.min(chars, left);
    left -= given;
    return { id, chars: given };
  });
  return shares.reverse();
}

function equally(outputs: readonly Sized[], room: number): Share[] {
  const shares = new Map<string, number>();
  let left = room;
  const byLength = [...outputs].sort((a, b) => a.chars - b.chars);
  byLength.forEach(({ id, chars }, at) => {
    const given = Math.min(chars, Math.floor(left / (byLength.length - at)));
    left -= given;
    shares.set(id, given);
  });
  return outputs.map(({ id }) => ({ id, chars: shares.get(id) ?? 0 }));
}

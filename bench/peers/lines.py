"""How a program of this folder is told what to run, and says what became of it."""

import asyncio
import json
import os
import sys
import time

# What a framework prints must not stand between our lines.
OUT = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


def say(message):
    OUT.write(json.dumps(message) + "\n")


async def serve(run):
    """Runs what stdin asks for, all at the same time, until it is closed. `run(run_id, topic, resume)` gives the output."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    say({"ready": True})
    running = set()
    while line := await reader.readline():
        task = asyncio.create_task(answer(run, json.loads(line)))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)


async def answer(run, asked):
    began = time.perf_counter()
    try:
        output = await run(asked["id"], asked["topic"], asked["resume"])
        say({"id": asked["id"], "output": output, "ms": (time.perf_counter() - began) * 1000})
    except Exception as error:
        say({"id": asked["id"], "error": f"{type(error).__name__}: {error}"})

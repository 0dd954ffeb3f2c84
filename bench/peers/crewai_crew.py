"""The two-agent crew on CrewAI. Reads runs as JSON lines from stdin, says `ready`, and each run's end, on stdout.

Arguments: the model endpoint, and a folder for checkpoints, or `-` for none, which is what CrewAI does unless told.
"""

import asyncio
import sys
from pathlib import Path

from crewai import LLM, Agent, Crew, Process, Task
from crewai.state.checkpoint_config import CheckpointConfig

from lines import serve

URL, CHECKPOINTS = sys.argv[1], sys.argv[2]


def crew_of(folder):
    llm = LLM(model="openai/scripted-model", base_url=URL, api_key="none", max_tokens=100)
    finder = Agent(role="Finder", goal="Find facts on {topic}", backstory="You know things.", llm=llm)
    writer = Agent(role="Writer", goal="Write", backstory="You write.", llm=llm)
    find = Task(description="FIND {topic}", expected_output="Facts", agent=finder)
    write = Task(description="WRITE", expected_output="A text", agent=writer, context=[find])
    checkpoint = {} if folder is None else {"checkpoint": CheckpointConfig(location=str(folder))}
    return Crew(agents=[finder, writer], tasks=[find, write], process=Process.sequential, **checkpoint)


def restored(folder):
    """The crew of the newest checkpoint."""
    newest = max(folder.rglob("*.json"), key=lambda file: file.stat().st_mtime)
    return Crew.from_checkpoint(CheckpointConfig(location=str(folder), restore_from=str(newest)))


async def run(run_id, topic, resume):
    folder = None if CHECKPOINTS == "-" else Path(CHECKPOINTS) / run_id
    crew = restored(folder) if resume and folder is not None else crew_of(folder)
    result = await crew.akickoff(inputs={"topic": topic})
    return result.raw


asyncio.run(serve(run))

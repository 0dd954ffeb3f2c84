"""The two-agent crew as a LangGraph graph with a Postgres checkpointer. Speaks as crewai_crew.py does.

Arguments: the model endpoint, and the address of the database.
"""

import asyncio
import sys
from typing import TypedDict

from langchain_openai import ChatOpenAI
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import END, START, StateGraph
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from lines import serve

URL, DATABASE = sys.argv[1], sys.argv[2]


class State(TypedDict, total=False):
    topic: str
    facts: str
    text: str


def graph_of(saver):
    model = ChatOpenAI(model="scripted-model", base_url=URL, api_key="none", max_retries=0, max_tokens=100)

    async def ask(role, task):
        answer = await model.ainvoke([("system", role), ("user", task)])
        return answer.text if isinstance(answer.text, str) else answer.text()

    async def find(state: State):
        role = f"You are Finder. You know things. Your goal: Find facts on {state['topic']}"
        return {"facts": await ask(role, f"FIND {state['topic']}\nExpected: Facts")}

    async def write(state: State):
        role = "You are Writer. You write. Your goal: Write"
        return {"text": await ask(role, f"WRITE\nExpected: A text\nContext:\n{state['facts']}")}

    graph = StateGraph(State)
    graph.add_node("find", find)
    graph.add_node("write", write)
    graph.add_edge(START, "find")
    graph.add_edge("find", "write")
    graph.add_edge("write", END)
    return graph.compile(checkpointer=saver)


async def main():
    settings = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    async with AsyncConnectionPool(DATABASE, min_size=4, max_size=20, kwargs=settings, open=False) as pool:
        saver = AsyncPostgresSaver(pool)
        await saver.setup()
        graph = graph_of(saver)

        async def run(run_id, topic, resume):
            config = {"configurable": {"thread_id": run_id}}
            state = await graph.ainvoke(None if resume else {"topic": topic}, config)
            return state["text"]

        await serve(run)


asyncio.run(main())

"""The LangChain face of a chat model, with tools on models that cannot call any by themselves.

The embedded model writes tool calls as plain text. Here it is asked, by JSON Schema, for
`{tool, arguments}` or `{final}`, and what it gives becomes real `tool_calls`, so that
`langchain.agents.create_agent` sees the same as from an endpoint.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, cast, runtime_checkable

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    ToolCall,
    convert_to_openai_messages,
)
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.errors import LimitExceeded, ModelOutputInvalid, NotAvailable
from models import calls
from models.calls import ModelCall, Reply
from models.output_schema import close_schema
from models.prompts import PromptLibrary, PromptRef
from models.queue import Priority

MAX_TOOLS = 5
"""The most tools that the embedded model chooses between."""


@runtime_checkable
class Asked(Protocol):
    """What is needed of a chat model: its name and the reply to a whole call."""

    name: str

    async def ask(self, call: ModelCall, *, priority: Priority) -> tuple[Reply, bool]:
        """The reply to `call` and whether it came from the journal."""
        ...


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tool: str | None = None
    arguments: dict[str, Any] = {}
    final: str | None = None


class ToolCallingChat(BaseChatModel):
    """A LangChain chat model on the queue and journal of `chat`; asynchronous only."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    chat: Asked
    prompts: PromptLibrary
    prompt: PromptRef | None = None
    priority: Priority = Priority.BATCH
    native_tools: bool
    max_tokens: int = 512
    temperature: float = 0.0

    @property
    def _llm_type(self) -> str:
        return "livecue"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | bool | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with `tools`; `tool_choice` is auto, none, any (required) or a tool's name.

        Raises LimitExceeded for more than `MAX_TOOLS` tools on the embedded model.
        """
        if not self.native_tools and len(tools) > MAX_TOOLS:
            raise LimitExceeded(
                f"The embedded model takes at most {MAX_TOOLS} tools; {len(tools)} were given.",
                hint="Give it fewer tools, or set LIVECUE_CHAT__BASE_URL to a larger model.",
            )
        if unknown := sorted(name for name, value in kwargs.items() if value is not None):
            raise NotAvailable(
                f"Tools cannot be bound with {', '.join(unknown)}.",
                hint="Leave that out; a JSON result is asked for with a tool.",
            )
        choice = "required" if tool_choice in (True, "any") else tool_choice or None
        return cast(
            "Runnable[LanguageModelInput, AIMessage]",
            self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], tool_choice=choice),
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> ChatResult:
        raise NotAvailable("This model is asynchronous only.", hint="Use ainvoke or astream.")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> ChatResult:
        tools: list[dict[str, Any]] = kwargs.pop("tools", [])
        choice: str | None = kwargs.pop("tool_choice", None)
        if stop or kwargs:
            raise NotAvailable(
                f"This model takes no {', '.join(['stop'] if stop else sorted(kwargs))}.",
                hint="Leave it out.",
            )
        turns = convert_to_openai_messages(messages)
        if self.native_tools:
            call = self._call(turns, tools=tuple(tools), tool_choice=choice if tools else None)
            reply, cached = await self.chat.ask(call, priority=self.priority)
            return _result(reply, reply.text, reply.tool_calls, cached=cached)
        turns = [plain for turn in turns for plain in self._plain(turn)]
        if not tools or choice == "none":
            reply, cached = await self.chat.ask(self._call(turns), priority=self.priority)
            return _result(reply, reply.text, (), cached=cached)
        return await self._choose(turns, [tool["function"] for tool in tools], choice)

    async def _choose(
        self, turns: list[dict[str, Any]], tools: list[dict[str, Any]], choice: str | None
    ) -> ChatResult:
        """One step of the loop: a tool call, or the final text."""
        forced = choice not in (None, "auto", "required")
        tools = [tool for tool in tools if not forced or tool["name"] == choice]
        may_finish = choice in (None, "auto")
        told = self.prompts.render(
            "models/tools",
            tools=[
                {
                    "name": tool["name"],
                    "description": tool.get("description", ""),
                    "parameters": json.dumps(
                        tool.get("parameters", {}).get("properties", {}), ensure_ascii=False
                    ),
                }
                for tool in tools
            ],
            may_finish=may_finish,
        )
        call = self._call(
            _with_system(turns, told.messages[0]["content"]),
            prompt=" ".join(str(ref) for ref in (self.prompt, told.ref) if ref),
            schema=_step_schema(tools, may_finish=may_finish),
        )
        reply, cached = await self.chat.ask(call, priority=self.priority)
        try:
            step = _Step.model_validate_json(reply.text)
        except ValidationError as error:
            cut = reply.finish == "length"
            raise ModelOutputInvalid(
                f"{self.chat.name} gave no valid step"
                + (f": it was cut off at {self.max_tokens} tokens." if cut else "."),
                hint="Give it a smaller task, or set LIVECUE_CHAT__BASE_URL to a larger model.",
                details={"text": reply.text[:2000]},
            ) from error
        if step.tool is None:
            return _result(reply, step.final or "", (), cached=cached)
        # The id has to be unique in the conversation, and the same when the call is replayed.
        wanted = calls.ToolCall(
            id=f"call_{call.key(self.chat.name)[:16]}", name=step.tool, arguments=step.arguments
        )
        return _result(reply, "", (wanted,), cached=cached)

    def _call(
        self,
        turns: list[dict[str, Any]],
        *,
        prompt: str | None = None,
        schema: dict[str, Any] | None = None,
        tools: tuple[dict[str, Any], ...] = (),
        tool_choice: str | None = None,
    ) -> ModelCall:
        return ModelCall(
            prompt=prompt or str(self.prompt or ""),
            messages=tuple(turns),
            schema=schema,
            tools=tools,
            tool_choice=tool_choice,
            max_tokens=self.max_tokens,
            temperature=self.temperature,
        )

    def _plain(self, turn: dict[str, Any]) -> list[dict[str, Any]]:
        """A turn as plain messages: tool calls as the JSON asked for, results as data."""
        if turn["role"] == "tool":
            shown = self.prompts.render(
                "models/tool_result", tool=turn.get("name", ""), result=str(turn["content"])
            )
            return [dict(message) for message in shown.messages]
        if not turn.get("tool_calls"):
            return [{"role": turn["role"], "content": turn["content"]}]
        return [
            {
                "role": "assistant",
                "content": json.dumps(
                    {
                        "tool": wanted["function"]["name"],
                        "arguments": json.loads(wanted["function"]["arguments"]),
                    },
                    ensure_ascii=False,
                ),
            }
            for wanted in turn["tool_calls"]
        ]


def _with_system(turns: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """`turns` with `text` at the end of the system message, which is made if there is none."""
    if turns and turns[0]["role"] == "system":
        return [{"role": "system", "content": f"{turns[0]['content']}\n\n{text}"}, *turns[1:]]
    return [{"role": "system", "content": text}, *turns]


def _step_schema(tools: list[dict[str, Any]], *, may_finish: bool) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [
        {
            "type": "object",
            "properties": {
                "tool": {"const": tool["name"]},
                "arguments": close_schema(
                    tool.get("parameters") or {"type": "object", "properties": {}}
                ),
            },
            "required": ["tool", "arguments"],
            "additionalProperties": False,
        }
        for tool in tools
    ]
    if may_finish:
        steps.append(
            {
                "type": "object",
                "properties": {"final": {"type": "string"}},
                "required": ["final"],
                "additionalProperties": False,
            }
        )
    return {"anyOf": steps}


def _result(
    reply: Reply, text: str, wanted: Sequence[calls.ToolCall], *, cached: bool
) -> ChatResult:
    finish: Literal["tool_calls"] | calls.Finish = "tool_calls" if wanted else reply.finish
    message = AIMessage(
        content=text,
        tool_calls=[
            ToolCall(name=call.name, args=call.arguments, id=call.id, type="tool_call")
            for call in wanted
        ],
        response_metadata={"finish_reason": finish, "cached": cached},
        usage_metadata=UsageMetadata(
            input_tokens=reply.prompt_tokens,
            output_tokens=reply.completion_tokens,
            total_tokens=reply.prompt_tokens + reply.completion_tokens,
        ),
    )
    return ChatResult(generations=[ChatGeneration(message=message)])

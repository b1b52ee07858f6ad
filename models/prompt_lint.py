"""What can be wrong with a prompt file, and with a prompt that hides in Python."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta, nodes

from models.prompt_file import ENVIRONMENT, Prompt

_SAFE_FILTERS = ("data", "length", "count")
_FORBIDDEN = (
    nodes.Macro,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
    nodes.Block,
)
_INSTRUCTION = re.compile(
    r"\b(you are (?:an?|the)\b|your task is|answer only|reply (?:only|with)|do not invent|"
    r"respond (?:only|with)|act as an?\b)|你是|请根据|请用|你的任务|只回答|不要编造",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？；](?:\s|$|(?=[\u4e00-\u9fff]))")
_LONG = 200
_MESSAGE_CLASSES = {"SystemMessage", "HumanMessage", "AIMessage", "ChatMessage"}


@dataclass(frozen=True, slots=True)
class LintProblem:
    """One thing wrong with one prompt (or with one place in the code, as `path:line`)."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def lint_prompt(prompt: Prompt, path_id: str) -> Iterator[LintProblem]:
    """The problems of a prompt that could be read; `path_id` is its path as an id."""
    where = f"prompts/{path_id}.md"
    if prompt.ref.id != path_id:
        yield LintProblem(where, f"its id is {prompt.ref.id}, its path says {path_id}")
    yield from (LintProblem(where, message) for message in _schema_problems(prompt))
    try:
        trees = [(role, ENVIRONMENT.parse(text)) for role, text in prompt.sections]
    except TemplateSyntaxError as error:
        yield LintProblem(where, f"the template does not compile: {error}")
        return
    used: set[str] = set()
    for _role, tree in trees:
        used |= meta.find_undeclared_variables(tree)
    declared = set(prompt.variables)
    for name in sorted(used - declared):
        yield LintProblem(where, f"it uses `{name}`, which its inputs do not declare")
    for name in sorted(declared - used):
        yield LintProblem(where, f"its input `{name}` is not used")
    outside = {name for name, schema in prompt.variables.items() if schema.get("x-outside")}
    for role, tree in trees:
        for line in _bare_outside(tree, outside):
            yield LintProblem(
                where, f"# {role}, line {line}: outside text is rendered without the `data` filter"
            )
        for node in tree.find_all(_FORBIDDEN):
            name = type(node).__name__.lower()
            yield LintProblem(where, f"# {role}, line {node.lineno}: `{name}` has no place here")


def _schema_problems(prompt: Prompt) -> Iterator[str]:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    schema = prompt.front.inputs
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield f"its inputs are no JSON Schema: {error.message}"
        return
    if schema.get("type") != "object":
        yield "its inputs must be a JSON Schema of type object"
    required = set(schema.get("required", []))
    for name, part in prompt.variables.items():
        if name not in required and "default" not in part:
            yield f"its input `{name}` is neither required nor has it a default"
    for name in sorted(required - prompt.variables.keys()):
        yield f"its input `{name}` is required but not described"


def _bare_outside(tree: nodes.Template, outside: set[str]) -> Iterator[int]:
    """Lines on which a name that carries outside text is printed bare.

    What is looped over or set from such a name carries outside text too.
    """
    tainted = set(outside)
    grown = True
    while grown:
        before = len(tainted)
        for loop in tree.find_all(nodes.For):
            if _names(loop.iter) & tainted:
                tainted |= _names(loop.target)
        for assignment in tree.find_all(nodes.Assign):
            if not _is_safe(assignment.node, tainted):
                tainted |= _names(assignment.target)
        for scope in tree.find_all(nodes.With):
            for target, value in zip(scope.targets, scope.values, strict=True):
                if not _is_safe(value, tainted):
                    tainted |= _names(target)
        grown = len(tainted) > before
    for output in tree.find_all(nodes.Output):
        for part in output.nodes:
            if not _is_safe(part, tainted):
                yield part.lineno
    for block in tree.find_all(nodes.AssignBlock):
        yield block.lineno


def _is_safe(expression: nodes.Node, tainted: set[str]) -> bool:
    if isinstance(expression, nodes.CondExpr):
        return all(
            branch is None or _is_safe(branch, tainted)
            for branch in (expression.expr1, expression.expr2)
        )
    if isinstance(expression, nodes.Filter) and expression.name in _SAFE_FILTERS:
        return True
    return not _names(expression) & tainted


def _names(node: nodes.Node) -> set[str]:
    found = {name.name for name in node.find_all(nodes.Name)}
    return found | {node.name} if isinstance(node, nodes.Name) else found


def lint_python(path: Path) -> list[LintProblem]:
    """Prompts that a Python file holds in strings; they belong into `prompts/`.

    These are: text given to a message class or as a message's `content`, and a text (no docstring)
    of more than 200 characters and two sentences that instructs a model.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    problems: list[LintProblem] = []
    for node in ast.walk(tree):
        problems.extend(
            LintProblem(f"{path}:{given.lineno}", "a message's text is written in Python")
            for given in _message_texts(node)
            if re.search(r"\w", _text(given))
        )
        if id(node) in docstrings or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        text = _text(node)
        if len(text) > _LONG and len(_SENTENCE_END.findall(text)) > 1 and _INSTRUCTION.search(text):
            problems.append(LintProblem(f"{path}:{node.lineno}", "a prompt is written in Python"))
    return problems


def _message_texts(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions that become a message's content."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in _MESSAGE_CLASSES:
            yield from node.args[:1]
            yield from (word.value for word in node.keywords if word.arg == "content")
    elif isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        if "role" in keys and "content" in keys:
            yield node.values[keys.index("content")]


def _text(node: ast.AST) -> str:
    """The literal text of a string, of an f-string's fixed parts, or of their sum."""
    match node:
        case ast.Constant(value=str() as value):
            return value
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _text(left) + _text(right)
        case _:
            return ""

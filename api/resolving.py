"""The unanswered queue: a person's answer, which may become a fact of the record."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from api.records import FieldName, Value, publish_if
from domain.answer import Answer, Citation
from domain.errors import InvalidInput, NotFound, StateConflict
from domain.evidence import PERSON
from domain.pool import in_pool
from domain.product import ProductDocument, ProductStatus
from domain.scope import Scope
from domain.watching import AnswerGiven
from runtime import Runtime
from stores.answers import UNANSWERED
from tools.new_facts import NewFact, suggest_fact

router = APIRouter(prefix="/api/v1/answers", tags=["answers"], route_class=IdempotentRoute)

_LONGEST = 2000


class PersonAnswer(BaseModel):
    """What a person answers.

    With `approve` it becomes a fact of the record: at `field`, or where the question suggests, with
    `value`, or the value that the answer gives. `product_id` is for a question that was about no
    product that could be told.
    """

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    product_id: str | None = None
    field: FieldName | None = None
    value: Value | None = None
    approve: bool = False

    @model_validator(mode="after")
    def _has_a_text(self) -> "PersonAnswer":
        if not self.text.strip():
            raise ValueError("the answer is empty")
        return self


class SuggestedFact(BaseModel):
    """A value for a field of the record."""

    field: str
    value: str


class Resolved(BaseModel):
    """The answer as it is stored now, and what became of the record.

    Without approval `fact` is what the answer would become; `version` and `status` are those of the
    record that holds it.
    """

    answer: Answer
    fact: SuggestedFact | None = None
    version: int | None = None
    status: ProductStatus | None = None


@router.get("/{answer_id}")
def show_answer(answer_id: str, home: Home, caller: Caller) -> Answer:
    """A stored answer."""
    return home.deps_for(caller).answers.get(caller, answer_id)


@router.post("/{answer_id}/resolve")
async def resolve_answer(
    answer_id: str, wanted: PersonAnswer, home: Home, caller: Caller
) -> Resolved:
    """Answer an open question; asked again, it is answered from the record where that was approved.

    A person's answer may be given anew. A question that the record answered is not open: 409.
    """
    deps = home.deps_for(caller)
    answer = await in_pool(deps.answers.get, caller, answer_id)
    if answer.status not in UNANSWERED and answer.method != PERSON:
        raise StateConflict(
            f"The answer {answer_id} is not open: it was answered from the record.",
            hint="To change the record: livecue product correct PRODUCT FIELD VALUE",
        )
    product_id = wanted.product_id or answer.product_id
    document = await _find_record(home, caller, product_id)
    fact = _choose_fact(wanted, answer, document)
    citation = Citation(quote=wanted.text, source=PERSON, file=PERSON)
    if wanted.approve:
        if document is None or fact is None:
            raise _cannot_become_a_fact(answer_id, document)
        document = await in_pool(
            deps.catalog.correct,
            caller,
            document.product_id,
            fact.field,
            fact.value,
            note=f"Asked: {answer.question}",
        )
        document = await publish_if(home, caller, document, approve=True)
        citation = _cite(document, fact)
    given = {
        "text": wanted.text.strip(),
        "status": "grounded",
        "method": PERSON,
        "product_id": product_id,
        "product_version": document.version if document is not None else None,
        "citations": [citation],
        "rejected": [],
        "drafted": False,
    }
    answer = answer.model_copy(update=given)
    await in_pool(deps.answers.save, caller, answer)
    await in_pool(_tell, home, caller, answer)
    return Resolved(
        answer=answer,
        fact=SuggestedFact(field=fact.field, value=fact.value) if fact is not None else None,
        version=document.version if wanted.approve and document is not None else None,
        status=document.status if wanted.approve and document is not None else None,
    )


async def _find_record(
    home: Runtime, caller: Scope, product_id: str | None
) -> ProductDocument | None:
    if product_id is None:
        return None
    return await in_pool(home.deps_for(caller).catalog.get, caller, product_id)


def _choose_fact(
    wanted: PersonAnswer, answer: Answer, document: ProductDocument | None
) -> NewFact | None:
    suggested = (
        suggest_fact(answer.question, wanted.text, document.record)
        if document is not None
        else None
    )
    if wanted.field is not None:
        return NewFact(wanted.field, wanted.value or wanted.text.strip())
    if suggested is None or wanted.value is None:
        return suggested
    return NewFact(suggested.field, wanted.value)


def _cannot_become_a_fact(answer_id: str, document: ProductDocument | None) -> InvalidInput:
    if document is None:
        return InvalidInput(
            f"The question of {answer_id} is about no product that is known.",
            hint="Say which it is: --product ID",
        )
    return InvalidInput(
        f"It cannot be told which fact of {document.product_id} the answer gives.",
        hint='Say which: --field specs.weight --value "310 g"',
    )


def _cite(document: ProductDocument, fact: NewFact) -> Citation:
    """The fact as the record has it now, by the value that was set."""
    name = fact.field.partition("[")[0]
    found = [
        one
        for one in document.facts()
        if one.value == fact.value and one.field.partition("[")[0] == name
    ]
    if not found or not found[-1].evidence:
        return Citation(fact=fact.field, quote=fact.value, source=PERSON, file=PERSON)
    evidence = found[-1].evidence[0]
    return Citation(
        fact=found[-1].field, quote=evidence.quote, source=evidence.source, file=evidence.file
    )


def _tell(home: Runtime, caller: Scope, answer: Answer) -> None:
    """Note in the log of a stream that goes on that a person answered."""
    if answer.stream_id is None:
        return
    try:
        stream = home.streams.get(caller, answer.stream_id)
    except NotFound:
        return
    if stream.status.is_over:
        return
    row = AnswerGiven(
        start_ms=stream.position_ms,
        answer_id=answer.answer_id,
        question=answer.question,
        text=answer.text,
        status="grounded",
        comment_seq=answer.comment_seq,
        cluster_id=answer.cluster_id,
    )
    key = f"answer:{answer.answer_id}:{PERSON}"
    home.streams.append(caller, answer.stream_id, [(key, row)])

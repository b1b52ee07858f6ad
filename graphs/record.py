"""merge_facts: what an intake and the ones before it say of each product, as one record."""

from collections.abc import Callable, Sequence
from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command, Send

from domain.copywriting import CopyBrief
from domain.errors import InvalidInput, LimitExceeded, NotFound
from domain.evidence import Source
from domain.extraction import Extraction, ProductDraft
from domain.pool import in_pool
from domain.product import ProductDocument, SourceRef
from graphs.deps import RunContext, report
from graphs.intake import load_extractions, load_passages
from graphs.state import PreparedProduct, PrepareState
from tools.boasts import set_boasts_aside
from tools.carrying import facts_of
from tools.compliance import RulePackLibrary
from tools.merging import merge


async def merge_facts(
    state: PrepareState, runtime: Runtime[RunContext]
) -> Command[Literal["write_copy", "request_approval"]]:
    """Join the sources' facts into one record per product and store them for approval.

    A product that is known already keeps what its earlier sources say, except for files that
    were given anew under the same name.
    """
    context = runtime.context
    extractions = await load_extractions(context, state)
    single = state.get("name") is not None or state.get("product_id") is not None
    drafts = await in_pool(
        merge,
        extractions,
        name=state.get("name"),
        single=single,
        limit=context.deps.settings.limits.products_per_intake,
    )
    by_order = {r.order: r.source for r in state["readings"]}
    read = [by_order[item.order] for item in sorted(state["extracted"], key=lambda e: e.order)]
    given = [r.source for r in state["readings"] if r.passages]
    products: list[PreparedProduct] = []
    for index, draft in enumerate(drafts):
        product_id = state.get("product_id") if single else None
        earlier = await in_pool(
            context.deps.catalog.find_earlier, context.scope, product_id, draft.record.name
        )
        own = given if single else _sources_of(draft, given)
        kept: list[SourceRef] = []
        if earlier is not None:
            product_id = earlier.product_id
            kept = _kept(earlier, own)
        if earlier is not None and kept:
            before = [await _extract_again(runtime, earlier, ref) for ref in kept]
            mine = [e for e, source in zip(extractions, read, strict=True) if source in own]
            name = state.get("name") or earlier.record.name
            [draft] = await in_pool(merge, [*before, *mine], name=name, single=True)
        refs = [*kept, *map(_ref, own)]
        draft = await in_pool(_without_boasts, draft, context.deps.packs)
        document = await in_pool(
            context.deps.catalog.save_draft,
            context.scope,
            draft,
            product_id,
            f"{context.run_id}:{index}",
            sources=refs,
        )
        products.append(
            PreparedProduct(
                product_id=document.product_id,
                version=document.version,
                name=document.record.name or document.product_id,
            )
        )
    report(
        runtime,
        "merge",
        f"{len(products)} product{'s' if len(products) != 1 else ''}",
        products=[p.product_id for p in products],
    )
    if 0 < len(products) <= context.deps.settings.preparing.copy_products:
        goto = [
            Send("write_copy", {"product_id": p.product_id, "brief": CopyBrief(), "variant": 0})
            for p in products
        ]
    else:
        goto = "request_approval"
    return Command(update={"products": products}, goto=goto)


def _kept(earlier: ProductDocument, given: Sequence[Source]) -> list[SourceRef]:
    """The sources of the version before that are not given anew."""
    files = {source.file for source in given}
    blobs = {source.blob for source in given}
    return [ref for ref in earlier.sources if ref.file not in files and ref.sha256 not in blobs]


async def _extract_again(
    runtime: Runtime[RunContext], earlier: ProductDocument, ref: SourceRef
) -> Extraction:
    """What an earlier source says.

    It is read anew (its passages and the model's answers are on file). Of one that is not in this
    home, or that cannot be read any more, the facts of the version before are taken, and the
    progress says so.
    """
    context = runtime.context
    try:
        source = await in_pool(context.deps.sources.get, context.scope, ref.source)
        if source.blob != ref.sha256:
            raise NotFound(f"{ref.file} is another file here.", hint="Add it again.")
        passages, _ = await load_passages(
            context, source, runtime, terms=[earlier.record.name or ""]
        )
    except (NotFound, InvalidInput, LimitExceeded, FileNotFoundError):
        report(runtime, "merge", f"{ref.file} cannot be read any more; its facts are kept")
        return Extraction(facts=facts_of(earlier, ref.source))
    return await context.deps.analyst.read(passages)


def _sources_of(draft: ProductDraft, given: Sequence[Source]) -> list[Source]:
    """The sources that have a say in `draft`."""
    said = {e.source for found in draft.evidence.values() for e in found}
    said |= {e.source for c in draft.conflicts for value in c.values for e in value.evidence}
    return [source for source in given if source.source_id in said]


def _ref(source: Source) -> SourceRef:
    return SourceRef(
        source=source.source_id,
        file=source.file,
        kind=source.kind,
        sha256=source.blob,
        size=source.size,
    )


def _without_boasts(draft: ProductDraft, packs: Callable[[], RulePackLibrary]) -> ProductDraft:
    return set_boasts_aside(draft, packs())

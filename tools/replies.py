"""The assistant's own sentences around results, in the asker's language.

They are composed from results by code; a model never writes them, so they cannot invent.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from domain.answer import Answer
from domain.compliance import ComplianceReport
from domain.copywriting import Copy
from domain.product import ProductDocument

_MAX_QUOTED = 6


@cache
def _phrases() -> dict[str, dict[str, str]]:
    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


def say(lang: str, key: str, **values: Any) -> str:  # noqa: ANN401 - formatted as text
    """The sentence `key` in `lang` (English where a language is missing), filled in."""
    phrase = _phrases()[key]
    return phrase.get(lang, phrase["en"]).format(**values)


def describe_products(
    documents: Sequence[ProductDocument], failures: Sequence[str], lang: str
) -> str:
    """What an intake found, what it could not use, and what a person decides next."""
    lines: list[str] = []
    for document in documents:
        facts = document.facts()
        lines.append(
            say(
                lang,
                "prepared_one",
                name=document.record.name or document.product_id,
                product_id=document.product_id,
                version=document.version,
                facts=len(facts),
            )
        )
        lines += [f"- {fact.field}: {fact.value}" for fact in facts]
        lines += [
            say(
                lang,
                "conflict",
                field=conflict.field,
                values=" / ".join(
                    f"{value.value} ({value.evidence[0].file})" for value in conflict.values
                ),
            )
            for conflict in document.conflicts
            if conflict.status == "open"
        ]
        if document.set_aside:
            lines.append(say(lang, "set_aside", count=len(document.set_aside)))
        if document.dropped:
            lines.append(say(lang, "dropped", count=len(document.dropped)))
        if document.status == "awaiting_approval":
            lines.append(say(lang, "prepared_wait", product_id=document.product_id))
    if failures:
        lines.append(say(lang, "prepared_sources_failed", failures="; ".join(failures)))
    return "\n".join(lines)


def describe_copies(copies: Sequence[Copy], lang: str) -> str:
    """The copy itself, then where its claims come from and what did not stay."""
    parts: list[str] = []
    for copy in copies:
        parts.append(copy.text)
        fields = list(dict.fromkeys(path for claim in copy.claims for path in claim.facts))
        if fields:
            parts.append(say(lang, "copy_claims", claims=", ".join(fields)))
        parts += [say(lang, "copy_warning", warning=warning) for warning in copy.warnings]
        if copy.removals:
            removed = "; ".join(f"“{r.text}” ({r.reason})" for r in copy.removals[:_MAX_QUOTED])
            parts.append(say(lang, "copy_removed", removed=removed))
    return "\n\n".join(parts)


def describe_check(text: str, found: ComplianceReport, lang: str) -> str:
    """The findings with reason and suggestion, and what to say instead."""
    if not found.findings:
        return say(lang, "check_clean", packs=", ".join(found.packs))
    lines = [say(lang, "check_found", count=len(found.findings))]
    lines += [
        f"- “{text[finding.start : finding.end]}” [{finding.jurisdiction}, {finding.severity}, "
        f"{finding.rule}] {finding.reason} {finding.suggestion}"
        for finding in found.findings
    ]
    if found.violating:
        key = "check_rewrite" if found.rewrite else "check_nothing_left"
        lines.append(say(lang, key, rewrite=found.rewrite))
    return "\n".join(lines)


def describe_answer(answer: Answer) -> str:
    """The answer with its citations."""
    cited = [
        say(
            answer.lang,
            "citation",
            field=citation.fact or citation.event,
            file=citation.file,
            quote=citation.quote,
        )
        for citation in answer.citations
    ]
    return "\n".join([answer.text, *dict.fromkeys(cited)])

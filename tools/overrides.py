"""Allowing words against a rule, and letting it object again."""

from datetime import UTC, datetime

from domain.compliance import Override, Withdrawal
from domain.errors import InvalidInput
from domain.scope import Scope
from stores.ids import new_id
from stores.overrides import OverrideStore
from tools.compliance import (
    MEANING_RULES,
    Bounds,
    Checked,
    RulePackLibrary,
    check_sentences,
    is_unsure,
    refuse_longer,
)
from tools.compliance.bounds import fold_quote


def allow_wording(
    store: OverrideStore,
    packs: RulePackLibrary,
    scope: Scope,
    *,
    rule: str,
    quote: str,
    reason: str,
    product_id: str | None = None,
    text: str | None = None,
    max_chars: int | None = None,
) -> Override:
    """Let `rule` no longer object to `quote`, which it does in `text` or in the quote alone.

    Words that are allowed already, for the same goods, stay as they were allowed: no decision is
    kept twice.

    Raises:
        InvalidInput: there is no such rule, or it does not object to these words.
        LimitExceeded: the text is too long.
    """
    read_in = text or quote
    refuse_longer(read_in, max_chars)
    override = Override(
        override_id=new_id("override"),
        rule=rule,
        quote=quote,
        reason=reason,
        product_id=product_id,
        actor=scope.actor,
        created_at=datetime.now(UTC),
    )
    if not any(_covers(override, item) for item in _read(override, read_in, packs)):
        where = "where it stands in the text" if text else "by itself"
        raise InvalidInput(
            f"{rule} does not object to “{quote}” {where}",
            hint="give the words as the finding has them, and the text that it is about",
        )
    words = fold_quote(quote)
    return store.add(scope, override, lambda known: fold_quote(known.quote) == words)


def withdraw_wording(store: OverrideStore, scope: Scope, override_id: str) -> Withdrawal:
    """Let the rule object again, but where another override allows the same words.

    Raises:
        NotFound: no such override.
    """
    ended = store.withdraw(scope, override_id)
    words = fold_quote(ended.quote)
    still = [
        other
        for other in store.list(scope)
        if other.rule == ended.rule
        and fold_quote(other.quote) == words
        and (ended.product_id is None or other.product_id in (None, ended.product_id))
    ]
    return Withdrawal(**ended.model_dump(), still_allowed_by=still)


def _read(override: Override, text: str, packs: RulePackLibrary) -> list[Checked]:
    """`text` as it is read with the override, for whatever goods the rule is about."""
    goods: list[str | None] = [None]
    if override.rule not in MEANING_RULES.values():
        rule = next((known.rule for known in packs.rules if known.rule.id == override.rule), None)
        if rule is None:
            raise InvalidInput(
                f"there is no rule {override.rule}",
                hint="take the rule from a finding of: livecue check TEXT",
            )
        goods += rule.applies_to
        packs = packs.without_judge()
    return [
        item
        for category in goods
        for item in check_sentences(text, packs, Bounds(category=category, overrides=(override,)))
    ]


def _covers(override: Override, item: Checked) -> bool:
    """Whether the override holds in a sentence, or would against what a model may quote of it."""
    return any(
        match.override is not None
        or (
            match.rule.rule.id == override.rule
            and is_unsure(match.rule)
            and override.quote.strip() in item.sentence.text
        )
        for match in item.matches
    )

"""Compliance: rule packs written from the law, the check that applies them, and the mend.

A text is folded to a normal form that undoes disguises (`skeleton`), matched sentence by sentence
against the packs' rules (`matching`), and every violation is replaced or cut (`rewriting`).
"""

from tools.compliance.bounds import Bounds
from tools.compliance.checking import check_text, refuse_longer, report_on
from tools.compliance.library import RulePackLibrary
from tools.compliance.matching import Match
from tools.compliance.meaning import MEANING_RULES, MeaningJudge, as_violation, is_unsure
from tools.compliance.mending import is_violating, join_rewrite, mend_sentence
from tools.compliance.packs import Rule, RulePack, RulePackInvalid, Vocabulary
from tools.compliance.reading import Checked, check_batch, check_sentences
from tools.compliance.skeleton import Skeleton, fold_text
from tools.compliance.tidying import tidy_sentence

__all__ = [
    "MEANING_RULES",
    "Bounds",
    "Checked",
    "Match",
    "MeaningJudge",
    "Rule",
    "RulePack",
    "RulePackInvalid",
    "RulePackLibrary",
    "Skeleton",
    "Vocabulary",
    "as_violation",
    "check_batch",
    "check_sentences",
    "check_text",
    "fold_text",
    "is_unsure",
    "is_violating",
    "join_rewrite",
    "mend_sentence",
    "refuse_longer",
    "report_on",
    "tidy_sentence",
]

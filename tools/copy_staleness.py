"""Why a stored piece of copy may not hold any more."""

from collections.abc import Collection

from domain.copywriting import Copy
from domain.product import ProductDocument, ProductStatus


def find_staleness(
    copy: Copy,
    document: ProductDocument | None,
    *,
    packs: Collection[str],
    overrides: Collection[str],
) -> list[str]:
    """What has changed since `copy` was checked, in words; empty where nothing has.

    `document` is the newest version of the product, None where it was removed. `packs` are the
    `id@version` of the rule packs that the copy has to keep, and `overrides` the ids of those that
    are in force.
    """
    reasons: list[str] = []
    if document is None:
        reasons.append("the product was removed")
    elif document.version != copy.product_version:
        reasons.append(
            f"it was written from version {copy.product_version} of the record, "
            f"which has version {document.version} now"
        )
    elif document.status == ProductStatus.REJECTED:
        reasons.append("the product was rejected")
    changed = sorted(set(packs) ^ set(copy.compliance.packs))
    if changed:
        names = sorted({ref.partition("@")[0] for ref in changed})
        reasons.append(f"the rules have changed since it was checked: {', '.join(names)}")
    reasons += [
        f"the override for {finding.rule} was withdrawn"
        for finding in copy.compliance.findings
        if finding.override is not None and finding.override.override_id not in overrides
    ]
    if copy.compliance.violating:
        reasons.append("the rules object to it")
    return list(dict.fromkeys(reasons))

"""An experiment's report for people."""

from typing import Any

from cli.session import say

_HEADS = {
    "winner": "WINNER: {winner}",
    "no_difference": "NO DIFFERENCE that matters",
    "not_enough_data": "NOT ENOUGH DATA",
    "invalid": "INVALID",
}


def show_report(report: dict[str, Any]) -> None:
    """The verdict first, then what it rests on, then what can and cannot be concluded."""
    plan, verdict = report["experiment"], report["verdict"]
    shares = plan["metric"]["kind"] == "binary"
    print(f"{plan['name']} ({plan['experiment_id']}, {plan['status']}, {plan['industry']})")
    print(f"{_head(verdict)}")
    for reason in verdict["reasons"]:
        print(f"  {reason}")
    print(f"\n{report['counted']:,} units counted, {report['waiting']:,} waited for")
    for one in report["estimates"]:
        print(f"  {_estimate(one, shares=shares)}")
    for pair in report["differences"]:
        low, high = _amount(pair["low"], shares=shares), _amount(pair["high"], shares=shares)
        estimate = _amount(pair["estimate"], shares=shares)
        names = f"{pair['variant_id']} - {pair['other_id']}"
        print(f"  {names}: {estimate} ({low} to {high}, at every look)")
    warnings = {warning for policy in report["policies"] for warning in policy["warnings"]}
    for warning in sorted(warnings):
        print(f"  warning: {warning}")
    _list("What can be concluded", report["can"] or ["Nothing yet."])
    _list("What cannot", report["cannot"])
    _show_weights(report["weights"])


def show_recorded(recorded: dict[str, Any]) -> None:
    """How many rows were noted, and which were not."""
    parts = [
        f"{recorded['exposures']:,} exposures",
        f"{recorded['outcomes']:,} outcomes",
        f"{recorded['known']:,} rows known already",
    ]
    if recorded["corrected"]:
        parts.append(f"{recorded['corrected']:,} corrected")
    if recorded["late"]:
        parts.append(f"{recorded['late']:,} after their window, which do not count")
    print(", ".join(parts))
    for refused in recorded["refused"]:
        unit = f" ({refused['unit']})" if refused["unit"] else ""
        say(f"row {refused['row']}{unit}: {refused['problem']}")
    untold = recorded["refused_rows"] - len(recorded["refused"])
    if untold > 0:
        say(f"and {untold:,} further rows")


def show_policy(policy: dict[str, Any]) -> None:
    """Three estimates of a policy's value, and how far they can be trusted."""
    for name in ("ips", "snips", "dr"):
        found = policy[name]
        print(f"{name:5} {found['value']:.5g} ({found['low']:.5g} to {found['high']:.5g})")
    print(
        f"{policy['units']:,} units worth {policy['effective_units']:,.0f}; largest weight "
        f"{policy['max_weight']:.3g}, mean weight {policy['mean_weight']:.3f}"
    )
    for warning in policy["warnings"]:
        print(f"warning: {warning}")


def show_stopped(stopped: dict[str, Any]) -> None:
    """The verdict, and the weights that it changed."""
    verdict = stopped["verdict"]
    print(_head(verdict))
    for reason in verdict["reasons"]:
        print(f"  {reason}")
    _show_weights(stopped["learnt"])
    if not stopped["learnt"]:
        print("no weights were changed")


def _head(verdict: dict[str, Any]) -> str:
    return _HEADS[verdict["kind"]].format(winner=verdict["winner"])


def _show_weights(changes: list[dict[str, Any]]) -> None:
    lines = [
        f"{change['delta']:+.2f}  {change['key']}"
        + (f"  (taken back by {change['undone_by']})" if change["undone_at"] else "")
        for change in changes
    ]
    if lines:
        _list(f"Weights changed in {changes[0]['industry']}", lines)


def _list(title: str, lines: list[str]) -> None:
    if lines:
        print(f"\n{title}:")
    for line in lines:
        print(f"  - {line}")


def _estimate(one: dict[str, Any], *, shares: bool) -> str:
    if one["mean"] is None:
        return f"{one['variant_id']}: no counted unit of {one['exposed']:,} exposed"
    said = (
        f"{one['variant_id']}: {_level(one['mean'], shares=shares)} of {one['counted']:,} units, "
        f"best with {one['best_probability']:.0%}"
    )
    bounds = one["interval"] or one["always_valid"] or one["credible"]
    kind = one["interval_method"] or ("adjusted, at every look" if one["always_valid"] else "Bayes")
    low, high = (_level(bound, shares=shares) for bound in bounds)
    return f"{said} ({low} to {high}, {kind})"


def _level(value: float, *, shares: bool) -> str:
    return f"{value:.2%}" if shares else f"{value:.4g}"


def _amount(value: float, *, shares: bool) -> str:
    return f"{value * 100:+.2f} points" if shares else f"{value:+.4g}"

"""The one table that all measurements print."""

from dataclasses import dataclass
from typing import Self

HEADS = ("", "metric", "ours", "reference", "ratio", "target", "met")


@dataclass(frozen=True)
class Row:
    """One figure beside its reference, and whether it is what was promised."""

    key: str
    metric: str
    ours: str
    reference: str
    ratio: str
    target: str
    met: bool

    @classmethod
    def at_most(
        cls,
        key: str,
        metric: str,
        ours: float,
        reference: float | None,
        unit: str,
        *,
        share: float | None = None,
        limit: float | None = None,
    ) -> Self:
        """Less is better: at most `share` of the reference, at most `limit` in itself."""
        met, targets, ratio = True, [], "–"
        if reference is not None:
            ratio = _ratio(ours, reference)
        if share is not None and reference is not None:
            targets.append(f"≤ {share:g}x" if share >= 1 else f"≤ 1/{1 / share:g}")
            met = met and ours <= reference * share
        if limit is not None:
            targets.append(f"≤ {limit:g} {unit}")
            met = met and ours <= limit
        shown = "–" if reference is None else f"{_number(reference)} {unit}"
        return cls(key, metric, f"{_number(ours)} {unit}", shown, ratio, ", ".join(targets), met)

    @classmethod
    def at_least(
        cls, key: str, metric: str, ours: float, reference: float, unit: str, *, share: float
    ) -> Self:
        """More is better: at least `share` times the reference."""
        return cls(
            key,
            metric,
            f"{_number(ours)} {unit}",
            f"{_number(reference)} {unit}",
            _ratio(ours, reference),
            f"≥ {share:g}x",
            ours >= reference * share,
        )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _ratio(ours: float, reference: float) -> str:
    if ours <= 0 or reference <= 0:
        return "–"
    share = ours / reference
    return f"{share:.2f}" if share >= 0.5 else f"1/{1 / share:.1f}"


def table(rows: list[Row]) -> str:
    """A Markdown table, readable on a terminal too."""
    lines = [HEADS] + [
        (
            row.key,
            row.metric,
            row.ours,
            row.reference,
            row.ratio,
            row.target,
            "yes" if row.met else "NO",
        )
        for row in rows
    ]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADS))]
    text = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)

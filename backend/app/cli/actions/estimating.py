"""What a comparison will take, in a sentence."""

from __future__ import annotations

from app.api.estimate import EstimateView


def estimate_in_words(view: EstimateView) -> str:
    """Cells, cost and time, and whether the budget will do."""
    cells = f"{view.cells} {'cell' if view.cells == 1 else 'cells'}"
    reused = f", {view.reused} of them with earlier answers" if view.reused else ""
    cost = "cost unknown" if view.cost_usd is None else f"about ${view.cost_usd:.4f} (est.)"
    time = "" if view.seconds is None else f", about {view.seconds:.0f} s"
    sentence = f"{cells}{reused}: {cost}{time}."
    if view.over_budget:
        sentence += " That is more than may be spent: some cells will not be asked."
    if view.not_asked:
        sentence += f" Not asked: {', '.join(view.not_asked)}. {view.why_not_asked}"
    return sentence

"""What a draw 双随机抽查 says of a request: whether it was drawn, and which inspectors go."""

from __future__ import annotations

from scheduler import keys
from scheduler.draw.team import DrawnTeam, Revealed, team
from scheduler.states import DrawState
from scheduler.view import View
from schemas.visits import Request


def revealed(state: DrawState | None) -> Revealed | None:
    """Return a draw whose result is known; withdrawn or not, it says who goes."""
    if state is None or state.result is None or state.seed is None or state.public is None:
        return None
    return Revealed(
        id=state.id,
        plan=state.plan,
        pair=state.pair,
        frame=state.frame,
        seed=state.seed,
        public=state.public,
        result=state.result,
        substitutes=state.substitutes,
    )


def drew(request: Request, view: View) -> bool:
    """Tell whether a request that names a draw asks for what that draw has drawn."""
    if request.draw is None:
        return True
    draw = revealed(view.find(DrawState, keys.draw(request.draw)))
    if draw is None or team(draw, request.department, request.enterprise) is None:
        return False
    items = {share.department: share.items for share in draw.plan.shares}
    return (items[request.department], draw.plan.window) == (request.items, request.window)


def drawn_team(request: Request, state: DrawState | None) -> DrawnTeam | None:
    """Return whom the draw of a request sends; ``None`` where it comes of no draw."""
    draw = revealed(state)
    return team(draw, request.department, request.enterprise) if draw else None

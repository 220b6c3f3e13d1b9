"""One change to a plan and its price: bring asks to a day, and make room for them there.

Whoever must give way goes to the cheapest other day with room, or is left out. A move is
priced as it is made and can be taken back whole.
"""

from random import Random

from scheduler.planner.board import Board
from scheduler.planner.index import Option
from scheduler.planner.score import PriceList


class Mover:
    """Makes moves on a board, priced by a price list, and takes them back."""

    def __init__(self, board: Board, prices: PriceList, random: Random) -> None:
        self.board = board
        self.prices = prices
        self.random = random
        self.option_on = [{option.day: option for option in row} for row in board.index.options]
        self._done: list[tuple[int, Option | None]] = []

    def bring(self, asks: list[int], day: int) -> int | None:
        """Bring asks to a day, as far as caps allow, and return the change of price.

        None means that room could not be made; the move must then be undone.
        """
        self._done.clear()
        moved = set(asks)
        change = 0
        for ask in asks:
            option = self.option_on[ask].get(day)
            if option is None or self.board.chosen[ask] is option:
                continue
            step = self._change(ask, option)
            if step is None:
                continue
            change += step
            room = self._make_room(option.bin, day, moved)
            if room is None:
                return None
            change += room
        return change

    def undo(self) -> None:
        """Take the last move back."""
        for ask, option in reversed(self._done):
            self.board.take(ask)
            if option is not None:
                self.board.put(ask, option)
        self._done.clear()

    def _make_room(self, number: int, day: int, moved: set[int]) -> int | None:
        """Send asks away from a department-day until it holds no more than its units."""
        board, total = self.board, 0
        while (over := board.load[number] - board.index.units[number]) > 0:
            leaver = self._cheapest_leaver(number, day, moved, over)
            if leaver is None:
                return None
            ask, option = leaver
            moved.add(ask)
            total += self._change(ask, option) or 0
        return total

    def _cheapest_leaver(
        self, number: int, day: int, moved: set[int], over: int
    ) -> tuple[int, Option | None] | None:
        best: tuple[int, Option | None] | None = None
        least = 0.0
        for ask in self.board.standing[number]:
            if ask in moved:
                continue
            # Someone too short to make room alone costs a second leaver later.
            lack = max(0, over - self.board.index.asks[ask].duration) * self.prices.month
            for option in (*self.board.index.options[ask], None):
                if option is not None and (option.day == day or not self.board.fits(ask, option)):
                    continue
                price = self._price(ask, option) + 3 * lack - self._refund(ask)
                price_with_chance = price + self.random.random() * self.prices.month
                if best is None or price_with_chance < least:
                    best, least = (ask, option), price_with_chance
        return best

    def _change(self, ask: int, option: Option | None) -> int | None:
        """Move one ask and return the change of price; None if a cap forbids it."""
        refund = self._refund(ask)
        before = self.board.take(ask)
        if option is not None and not self.board.allows(option):
            if before is not None:
                self.board.put(ask, before)
            return None
        self._done.append((ask, before))
        price = self._price(ask, option)
        if option is not None:
            self.board.put(ask, option)
        return price - refund

    def _price(self, ask: int, option: Option | None) -> int:
        """What it costs to have the ask there; it may stand elsewhere now."""
        if option is None:
            return self.prices.unplaced[ask]
        entry = 0 if self.board.is_open(ask, option) else self.prices.entry
        return entry + option.months * self.prices.month

    def _refund(self, ask: int) -> int:
        """What is saved when the ask leaves the place where it stands now."""
        option = self.board.chosen[ask]
        if option is None:
            return self.prices.unplaced[ask]
        alone = self.board.guests[self.board.index.group_of[ask], option.day] == 1
        return self.prices.entry * alone + option.months * self.prices.month

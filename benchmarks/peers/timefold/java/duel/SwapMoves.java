package duel;

import java.util.List;
import java.util.Random;

/** Two requests of one department change their days, as far as both may; one may have none. */
public class SwapMoves extends Moves {
    @Override
    Assign next(List<Request> requests, Random random) {
        Request one = any(requests, random);
        Request other = one.department().any(requests, random);
        Day mine = one.getDay();
        Day yours = other.getDay();
        if (mine != null && !other.allows(mine) || yours != null && !one.allows(yours)) {
            return Assign.nothing();
        }
        return new Assign(new Request[] {one, other}, new Day[] {yours, mine});
    }
}

package duel;

import java.util.List;
import java.util.Random;

/** Any request to a day on which another department comes to its enterprise anyway. */
public class JoinMoves extends Moves {
    @Override
    Assign next(List<Request> requests, Random random) {
        Request request = any(requests, random);
        Day day = request.group().any(requests, random).getDay();
        if (day == null || !request.allows(day)) {
            return Assign.nothing();
        }
        return new Assign(new Request[] {request}, new Day[] {day});
    }
}

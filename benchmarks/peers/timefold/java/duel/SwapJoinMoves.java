package duel;

import java.util.List;
import java.util.Random;

/**
 * A request joins another department's day at its enterprise, and one of its own department that
 * stands on that day takes its place: the swap that saves an entry where every day is full.
 */
public class SwapJoinMoves extends Moves {
    private static final int TRIES = 50;

    @Override
    Assign next(List<Request> requests, Random random) {
        Request request = any(requests, random);
        Day from = request.getDay();
        Day day = request.group().any(requests, random).getDay();
        if (day == null || day == from || !request.allows(day)) {
            return Assign.nothing();
        }
        for (int tried = 0; tried < TRIES; tried++) {
            Request other = request.department().any(requests, random);
            if (other.getDay() == day && (from == null || other.allows(from))) {
                return new Assign(new Request[] {request, other}, new Day[] {day, from});
            }
        }
        return Assign.nothing();
    }
}

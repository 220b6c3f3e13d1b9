package duel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** All requests of one visit to another day, as far as they may have it. */
public class GroupMoves extends Moves {
    @Override
    Assign next(List<Request> requests, Random random) {
        Request request = any(requests, random);
        Day from = request.getDay();
        Day day = any(request.getDays(), random);
        if (from == null || from == day) {
            return Assign.nothing();
        }
        List<Request> moved = new ArrayList<>();
        for (int number = 0; number < request.group().size(); number++) {
            Request other = request.group().get(number, requests);
            if (other.getDay() == from && other.allows(day)) {
                moved.add(other);
            }
        }
        Day[] days = new Day[moved.size()];
        Arrays.fill(days, day);
        return new Assign(moved.toArray(new Request[0]), days);
    }
}

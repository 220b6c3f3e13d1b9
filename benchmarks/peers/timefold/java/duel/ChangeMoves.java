package duel;

import java.util.List;
import java.util.Random;

/** Any request to any of its days, or to none. */
public class ChangeMoves extends Moves {
    @Override
    Assign next(List<Request> requests, Random random) {
        Request request = any(requests, random);
        int choice = random.nextInt(request.getDays().size() + 1);
        Day day = choice == request.getDays().size() ? null : request.getDays().get(choice);
        return new Assign(new Request[] {request}, new Day[] {day});
    }
}

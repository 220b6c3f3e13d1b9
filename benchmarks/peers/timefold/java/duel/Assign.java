package duel;

import ai.timefold.solver.core.api.score.director.ScoreDirector;
import ai.timefold.solver.core.impl.heuristic.move.AbstractMove;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Gives each of some requests a day of its own days, or none. */
public final class Assign extends AbstractMove<Plan> {
    private final Request[] requests;
    private final Day[] days;

    Assign(Request[] requests, Day[] days) {
        this.requests = requests;
        this.days = days;
    }

    /** A move that changes nothing, which the solver passes over. */
    static Assign nothing() {
        return new Assign(new Request[0], new Day[0]);
    }

    @Override
    public boolean isMoveDoable(ScoreDirector<Plan> director) {
        for (int place = 0; place < requests.length; place++) {
            if (requests[place].getDay() != days[place]) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected void doMoveOnGenuineVariables(ScoreDirector<Plan> director) {
        for (int place = 0; place < requests.length; place++) {
            if (requests[place].getDay() != days[place]) {
                director.beforeVariableChanged(requests[place], "day");
                requests[place].setDay(days[place]);
                director.afterVariableChanged(requests[place], "day");
            }
        }
    }

    @Override
    public Assign rebase(ScoreDirector<Plan> destination) {
        Request[] rebased = new Request[requests.length];
        Arrays.setAll(rebased, at -> destination.lookUpWorkingObject(requests[at]));
        return new Assign(rebased, days);
    }

    @Override
    public Collection<? extends Object> getPlanningEntities() {
        return List.of(requests);
    }

    @Override
    public Collection<? extends Object> getPlanningValues() {
        return Arrays.asList(days);
    }
}

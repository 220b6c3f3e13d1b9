package duel;

import ai.timefold.solver.core.api.score.director.ScoreDirector;
import ai.timefold.solver.core.impl.heuristic.selector.move.factory.MoveIteratorFactory;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** Random moves without end, each made from the requests as they stand now. */
abstract class Moves implements MoveIteratorFactory<Plan, Assign> {
    /** Makes one move; it may be one that changes nothing. */
    abstract Assign next(List<Request> requests, Random random);

    static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    @Override
    public long getSize(ScoreDirector<Plan> director) {
        return 16L * director.getWorkingSolution().getRequests().size();
    }

    @Override
    public Iterator<Assign> createOriginalMoveIterator(ScoreDirector<Plan> director) {
        throw new UnsupportedOperationException("these moves come in random order only");
    }

    @Override
    public Iterator<Assign> createRandomMoveIterator(ScoreDirector<Plan> director, Random random) {
        List<Request> requests = director.getWorkingSolution().getRequests();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Assign next() {
                return Moves.this.next(requests, random);
            }
        };
    }
}

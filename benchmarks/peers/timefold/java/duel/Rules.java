package duel;

import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.count;
import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.countDistinct;
import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.sum;

import ai.timefold.solver.core.api.score.buildin.hardmediumsoftlong.HardMediumSoftLongScore;
import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;

/** The rules of docs/reference/problem-format.md, each as one incremental stream without joins. */
public class Rules implements ConstraintProvider {
    static final String CAPS = "caps";
    static final String DEPARTMENTS = "departments";
    static final String MUST = "must";

    /** Fewest must unplaced, then fewest pinned ones: one medium level, since there are few pins. */
    private static final long FIRST = 1_000_000;

    @Override
    public Constraint[] defineConstraints(ConstraintFactory factory) {
        return new Constraint[] {
            capacity(factory), caps(factory), departments(factory),
            must(factory), entries(factory), unplaced(factory), days(factory)
        };
    }

    Constraint capacity(ConstraintFactory factory) {
        return factory.forEach(Request.class)
                .groupBy(Request::bin, sum(Request::units))
                .filter((bin, taken) -> bin.over(taken) > 0)
                .penalizeLong(HardMediumSoftLongScore.ONE_HARD, (bin, taken) -> bin.over(taken))
                .asConstraint("capacity");
    }

    Constraint caps(ConstraintFactory factory) {
        return factory.forEach(Request.class)
                .filter(Request::marked)
                .flattenLast(Request::marks)
                .distinct()
                .groupBy(Mark::cap, count())
                .filter((cap, marks) -> cap.over(marks) > 0)
                .penalizeLong(HardMediumSoftLongScore.ONE_HARD, (cap, marks) -> cap.over(marks))
                .asConstraint(CAPS);
    }

    Constraint departments(ConstraintFactory factory) {
        return factory.forEach(Request.class)
                .filter(Request::crowded)
                .groupBy(Request::visit, countDistinct(Request::department))
                .filter((visit, departments) -> visit.over(departments) > 0)
                .penalizeLong(
                        HardMediumSoftLongScore.ONE_HARD,
                        (visit, departments) -> visit.over(departments))
                .asConstraint(DEPARTMENTS);
    }

    Constraint must(ConstraintFactory factory) {
        return factory.forEachIncludingUnassigned(Request.class)
                .filter(request -> request.unplaced() && (request.must() || request.pinned()))
                .penalizeLong(
                        HardMediumSoftLongScore.ONE_MEDIUM,
                        request -> (request.must() ? FIRST : 0) + (request.pinned() ? 1 : 0))
                .asConstraint(MUST);
    }

    Constraint entries(ConstraintFactory factory) {
        return factory.forEach(Request.class)
                .groupBy(Request::visit)
                .penalizeLong(HardMediumSoftLongScore.ONE_SOFT, Visit::price)
                .asConstraint("entries");
    }

    Constraint unplaced(ConstraintFactory factory) {
        return factory.forEachIncludingUnassigned(Request.class)
                .filter(Request::unplaced)
                .penalizeLong(HardMediumSoftLongScore.ONE_SOFT, Request::leave)
                .asConstraint("unplaced");
    }

    Constraint days(ConstraintFactory factory) {
        return factory.forEach(Request.class)
                .penalizeLong(HardMediumSoftLongScore.ONE_SOFT, Request::points)
                .asConstraint("days");
    }
}

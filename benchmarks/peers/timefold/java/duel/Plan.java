package duel;

import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.ConstraintWeightOverrides;
import ai.timefold.solver.core.api.score.buildin.hardmediumsoftlong.HardMediumSoftLongScore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All requests with their days: the planning solution. */
@PlanningSolution(solutionCloner = PlanCopier.class)
public class Plan {
    @PlanningEntityCollectionProperty private List<Request> requests;
    private ConstraintWeightOverrides<HardMediumSoftLongScore> overrides;
    @PlanningScore private HardMediumSoftLongScore score;

    public Plan() {}

    public Plan(List<Request> requests) {
        this.requests = requests;
        overrides = ConstraintWeightOverrides.of(switchedOff());
    }

    /** The same plan with copies of its requests. */
    Plan with(List<Request> copies) {
        Plan plan = new Plan();
        plan.requests = copies;
        plan.overrides = overrides;
        plan.score = score;
        return plan;
    }

    /** Streams that this problem can never feed are switched off, as the manual advises. */
    private Map<String, HardMediumSoftLongScore> switchedOff() {
        Map<String, HardMediumSoftLongScore> off = new HashMap<>();
        if (requests.stream().noneMatch(Request::marked)) {
            off.put(Rules.CAPS, HardMediumSoftLongScore.ZERO);
        }
        if (requests.stream().noneMatch(Request::crowded)) {
            off.put(Rules.DEPARTMENTS, HardMediumSoftLongScore.ZERO);
        }
        if (requests.stream().noneMatch(request -> request.must() || request.pinned())) {
            off.put(Rules.MUST, HardMediumSoftLongScore.ZERO);
        }
        return off;
    }

    public List<Request> getRequests() {
        return requests;
    }

    public ConstraintWeightOverrides<HardMediumSoftLongScore> getOverrides() {
        return overrides;
    }

    public void setOverrides(ConstraintWeightOverrides<HardMediumSoftLongScore> overrides) {
        this.overrides = overrides;
    }

    public HardMediumSoftLongScore getScore() {
        return score;
    }

    public void setScore(HardMediumSoftLongScore score) {
        this.score = score;
    }
}

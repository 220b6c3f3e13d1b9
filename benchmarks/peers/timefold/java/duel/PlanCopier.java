package duel;

import ai.timefold.solver.core.api.domain.solution.cloner.SolutionCloner;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies a plan without reflection. The solver copies it at every step that is the best so far, and
 * with 100,000 requests its own way of copying took longer than all the moves between.
 */
public class PlanCopier implements SolutionCloner<Plan> {
    @Override
    public Plan cloneSolution(Plan original) {
        List<Request> requests = new ArrayList<>(original.getRequests().size());
        for (Request request : original.getRequests()) {
            requests.add(request.copy());
        }
        return original.with(requests);
    }
}

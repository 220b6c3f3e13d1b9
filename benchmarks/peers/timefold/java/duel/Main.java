package duel;

import ai.timefold.solver.core.api.solver.Solver;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.solver.SolverConfig;
import ai.timefold.solver.core.config.solver.termination.TerminationConfig;
import java.io.File;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** FOLDER ENTRY UNPLACED MAX_DEPARTMENTS SECONDS SEED CONFIG OUT: solve, write request and day. */
public final class Main {
    private Main() {}

    public static void main(String[] words) throws Exception {
        Problem problem =
                new Problem(
                        Path.of(words[0]),
                        Integer.parseInt(words[1]),
                        Integer.parseInt(words[2]),
                        Integer.parseInt(words[3]));
        double seconds = Double.parseDouble(words[4]);
        SolverConfig config = SolverConfig.createFromXmlFile(new File(words[6]));
        config.setRandomSeed(Long.parseLong(words[5]));
        config.setTerminationConfig(
                new TerminationConfig().withSpentLimit(Duration.ofMillis((long) (1000 * seconds))));
        Solver<Plan> solver = SolverFactory.<Plan>create(config).buildSolver();
        Plan plan = solver.solve(new Plan(problem.requests()));
        try (PrintWriter out =
                new PrintWriter(Files.newBufferedWriter(Path.of(words[7]), StandardCharsets.UTF_8))) {
            for (Request request : plan.getRequests()) {
                if (!request.unplaced()) {
                    out.println(Table.quoted(request.getId()) + "," + request.getDay());
                }
            }
        }
        System.out.println(plan.getScore());
    }
}
